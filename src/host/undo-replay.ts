import { appendFileSync, rmSync } from 'node:fs'
import type { Unfinished } from '../adapter/journal.ts'
import { readJournal } from '../adapter/journal.ts'
import { removeAll } from '../adapter/local/remove.ts'
import { isAlive, unlockTarget } from '../adapter/lock.ts'
import { openTarget } from '../adapter/open-target.ts'
import { Refusal } from '../adapter/refusal.ts'
import { removeNodeShells } from '../adapter/remote/kubernetes.ts'
import { readTarget, type Target } from '../experiment/read-target.ts'
import { InputFailure, inputFailure } from './failure.ts'
import { exists, readTextFile } from './files.ts'
import { readNamedFile } from './load-experiment.ts'

/** Finishes what a replay that was cut off had begun. @returns what was done, in lines. @throws Refusal, InputFailure */
export async function undoReplay(path: string): Promise<string[]> {
  // Its text is read by halves, too: a power cut may have left anything at its end.
  if (!exists(path)) throw inputFailure(path, 'no such file; a journal.jsonl is wanted')
  const unfinished = readJournal(path)
  const { header, closed } = unfinished
  if (closed) return [`${path}: nothing is left to undo`]
  if (isAlive(header.pid))
    throw new Refusal(`the replay of ${path} still runs (pid ${header.pid}): stop it with Ctrl-C`)
  const done = [...(await undoOperations(unfinished)), ...(await removeMade(unfinished))]
  appendFileSync(path, `${JSON.stringify({ kind: 'closed' })}\n`)
  unlockTarget(header.target)
  return done.length === 0 ? ['nothing was left to undo'] : done
}

async function removePods(header: Unfinished['header'], pods: readonly string[]): Promise<string[]> {
  if (pods.length === 0) return []
  const { spec } = readTargetFile(header.targetFile)
  if (spec.kind !== 'kubernetes') return []
  await removeNodeShells(spec, pods)
  return pods.map((pod) => `removed pod ${pod}`)
}

function readTargetFile(path: string): Target {
  const text = readTextFile(path)
  if (!text.ok) throw new InputFailure(text.problems)
  const target = readTarget(path, text.value, readNamedFile)
  if (!target.ok) throw new InputFailure(target.problems)
  return target.value
}

/** Faults on clusters that stay; those of a cluster of ours go with it. */
async function undoOperations({ header, begun, made }: Unfinished): Promise<string[]> {
  if (begun.length === 0 || made.some(({ what }) => what === 'marked-processes')) return []
  const cluster = openTarget(readTargetFile(header.targetFile))
  const done: string[] = []
  for (const { operations, lasts } of begun) {
    await cluster.control.undo(operations, lasts)
    done.push(...operations.flatMap((operation) => cluster.says(operation, true)))
  }
  return done
}

async function removeMade({ header, made }: Unfinished): Promise<string[]> {
  const names = (what: string): string[] => made.filter((one) => one.what === what).map(({ name }) => name)
  const [mark] = names('marked-processes')
  const [namespaces, directories] = [names('namespace'), names('directory')]
  if (mark === undefined) {
    for (const directory of directories) rmSync(directory, { recursive: true, force: true })
    return [...directories.map((name) => `removed ${name}`), ...(await removePods(header, names('pod')))]
  }
  await removeAll({ mark, namespaces, directories })
  return [`ended all processes of ${mark}`, ...[...namespaces, ...directories].map((name) => `removed ${name}`)]
}
