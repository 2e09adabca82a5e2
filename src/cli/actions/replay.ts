import { basename, extname, join } from 'node:path'
import type { ReplayFile } from '../../experiment/replay.ts'
import { EXIT, inputFailure } from '../../host/failure.ts'
import { reportPath } from '../../host/result-files.ts'
import { checkAbilities, describeReplay, loadReplay, playReplay, type ReplayRequest } from '../../host/run-replay.ts'
import { writeErr, writeOut } from '../../host/terminal.ts'
import { undoReplay } from '../../host/undo-replay.ts'
import type { Arguments } from '../command.ts'
import { OptionReader } from '../options.ts'
import { printReplays } from '../print-replay.ts'
import { readQuestion } from '../run-options.ts'

const MAX_REPEAT = 10_000

/** Plays a plan, shows it, or undoes one. @returns the exit code */
export async function run({ positionals, options }: Arguments): Promise<number> {
  const reader = new OptionReader(options)
  const target = reader.text('target')
  const undo = reader.text('undo')
  const repeat = reader.whole('repeat', 1, MAX_REPEAT) ?? 1
  const out = reader.text('out')
  const { sets } = readQuestion(reader)
  const format = reader.text('format') ?? 'table'
  const quiet = reader.flag('quiet')
  // Undoing is for the hour of need: who says yes to it, or wants it quiet, is not turned away.
  if (undo !== null) reader.onlyBeside('undo', ['yes', 'quiet'])
  // Every other option may stay where --dry-run is put before or behind; of this one a program would wait for a document.
  else if (reader.flag('dry-run') && format !== 'table')
    reader.refuse('format', `${format}: --dry-run shows commands, as text only`)
  reader.finish()
  const planFile = positionals[0]
  if (undo !== null) {
    if (planFile !== undefined) throw inputFailure('--undo', 'stands alone: the journal names plan and target')
    for (const line of await undoReplay(undo)) writeOut(`${line}\n`)
    return EXIT.done
  }
  if (planFile === undefined)
    throw inputFailure('PLAN', 'a fault plan is missing, such as experiments/plans/leader-crash.yaml')
  if (target === null) throw inputFailure('--target', 'is missing, such as --target models/targets/local-3.yaml')
  const request: ReplayRequest = {
    planFile,
    targetFile: target,
    repeat,
    seed: reader.text('seed'),
    out: out ?? join('results', `${stem(planFile)}-on-${stem(target)}`),
    allowQuorumLoss: reader.flag('allow-quorum-loss'),
    sets,
  }
  const ready = loadReplay(request)
  await checkAbilities(ready)
  if (reader.flag('dry-run')) {
    writeOut(describeReplay(ready))
    return EXIT.done
  }
  if (!quiet) writeErr(describeReplay(ready))
  if (ready.target.spec.kind !== 'local' && !reader.flag('yes')) {
    writeErr(`refused: ${ready.target.spec.target} is not of this machine: say --yes to play the plan on it\n`)
    return EXIT.refused
  }
  return play(ready, quiet, format)
}

async function play(ready: ReturnType<typeof loadReplay>, quiet: boolean, format: string): Promise<number> {
  const stop = new StopRequest()
  stop.start()
  let file: ReplayFile
  try {
    file = await playReplay(ready, {
      says: (words) => {
        if (!quiet) writeErr(`${words}\n`)
      },
      stops: () => stop.requested,
    })
  } finally {
    stop.stop()
  }
  printReplays([file], format)
  if (format === 'table') writeOut(`report: ${reportPath(ready.request.out)}\n`)
  if (file.partial) return EXIT.interrupted
  const differs = Object.values(file.score).some(({ verdict }) => verdict === 'differs')
  return differs ? EXIT.disagrees : EXIT.done
}

/** Ctrl-C and SIGTERM end a replay only by way of its undoing: however often they come. */
class StopRequest {
  requested = false
  readonly #onSignal = () => {
    this.requested = true
    writeErr('\nstopping: everything is being undone\n')
  }

  start(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, this.#onSignal)
  }

  stop(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, this.#onSignal)
  }
}

function stem(file: string): string {
  return basename(file, extname(file))
}
