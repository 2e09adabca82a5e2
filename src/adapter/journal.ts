import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { reasonOf } from '../base/reason.ts'
import type { Operation } from '../faults/operation.ts'
import { Refusal } from './refusal.ts'

/** Lines of a journal: what must be undone, written before it is done. */
export type JournalLine =
  | {
      readonly kind: 'replay'
      readonly schema: 'hasim/journal@1'
      readonly target: string
      readonly targetFile: string
      readonly plan: string
      readonly pid: number
    }
  /** Something that hasim makes and must take away again. */
  | {
      readonly kind: 'made'
      readonly what: 'directory' | 'namespace' | 'marked-processes' | 'pod'
      readonly name: string
    }
  | {
      readonly kind: 'begins'
      readonly id: number
      readonly operations: readonly Operation[]
      /** Until they are undone (ms); null: not told. */
      readonly lasts: number | null
      readonly undo: readonly string[]
    }
  | { readonly kind: 'undone'; readonly id: number }
  | { readonly kind: 'closed' }

/** A file to which each line is written through to the disk before what it says is done. */
export class Journal {
  readonly path: string
  readonly #file: number
  #next = 0
  readonly #open = new Set<number>()

  /** @throws Error when the file cannot be made */
  constructor(path: string) {
    this.path = path
    this.#file = openSync(path, 'w', 0o600)
  }

  write(line: JournalLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
    fsyncSync(this.#file)
  }

  made(what: 'directory' | 'namespace' | 'marked-processes' | 'pod', name: string): void {
    this.write({ kind: 'made', what, name })
  }

  /** Before operations are done. @returns the id that {@link undone} wants */
  begins({ operations, lasts }: Begun, undo: readonly string[]): number {
    const id = this.#next++
    this.write({ kind: 'begins', id, operations, lasts, undo })
    this.#open.add(id)
    return id
  }

  undone(id: number): void {
    this.write({ kind: 'undone', id })
    this.#open.delete(id)
  }

  /**
   * The end of the replay.
   * @param cluster `gone` with everything that was done to it, `left` as it is, or `held`: what was made for the replay may
   *   still be there
   * @returns whether nothing is left to undo
   */
  close(cluster: 'gone' | 'left' | 'held'): boolean {
    const isDone = cluster === 'gone' || (cluster === 'left' && this.#open.size === 0)
    if (isDone) this.write({ kind: 'closed' })
    closeSync(this.#file)
    return isDone
  }
}

/** Operations that were begun together. */
export interface Begun {
  readonly operations: readonly Operation[]
  /** Until they are undone (ms); null: not told. */
  readonly lasts: number | null
}

/** What a journal says is still to be done. */
export interface Unfinished {
  readonly header: Extract<JournalLine, { kind: 'replay' }>
  readonly made: readonly Extract<JournalLine, { kind: 'made' }>[]
  /** Latest first. */
  readonly begun: readonly Begun[]
  readonly closed: boolean
}

/** @throws Refusal when the file is no journal */
export function readJournal(path: string): Unfinished {
  let text: string
  try {
    text = readFileSync(path, 'utf-8')
  } catch (error) {
    throw new Refusal(`${path}: cannot be read: ${reasonOf(error)}`)
  }
  const lines: JournalLine[] = []
  for (const line of text.split('\n')) {
    try {
      if (line !== '') lines.push(JSON.parse(line))
    } catch {
      // The power went while the last line was written: what it would have said was not done.
    }
  }
  const [header] = lines
  if (header?.kind !== 'replay' || header.schema !== 'hasim/journal@1') {
    throw new Refusal(`${path}: this is no journal of a replay`)
  }
  const undone = new Set(lines.flatMap((line) => (line.kind === 'undone' ? [line.id] : [])))
  return {
    header,
    made: lines.filter((line) => line.kind === 'made'),
    begun: lines.flatMap((line) => (line.kind === 'begins' && !undone.has(line.id) ? [line] : [])).reverse(),
    closed: lines.some((line) => line.kind === 'closed'),
  }
}
