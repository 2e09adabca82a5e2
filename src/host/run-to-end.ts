import { present } from '../base/assert.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import { inputDrawsOf } from '../experiment/input-draws.ts'
import type { ResultFile } from '../experiment/result.ts'
import { needsReplications, solvedResult, solverProblems } from '../experiment/run-experiment.ts'
import { ExperimentRunner } from '../experiment/runner.ts'
import { resumeRunner, writeCheckpoint } from './checkpoint.ts'
import { drive } from './drive.ts'
import { EnvironmentFailure, InputFailure } from './failure.ts'
import { prepareDirectory } from './files.ts'
import type { Interrupt } from './interrupt.ts'
import { type Progress, startDrawProgress, startProgress } from './progress.ts'
import type { Crash } from './replicate-task.ts'
import { writeErr } from './terminal.ts'
import { startWorkforce } from './workforce.ts'

/** How an experiment is to be run here; nothing of it can change the answer. */
export interface RunRequest {
  readonly config: ExperimentConfig
  /** The experiment's file as the user named it. */
  readonly file: string
  /** Version of hasim. */
  readonly version: string
  readonly workers: number
  /** Directory of the results and the checkpoint. */
  readonly directory: string
  /** Go on with what the directory holds. */
  readonly resume: boolean
  readonly quiet: boolean
  /** Asks the run to end when the user does. */
  readonly interrupt: Interrupt
}

/** How a run ended: with a result (partial when it was interrupted), with nothing yet, or in a replication that threw. */
export type RunEnd =
  | { readonly kind: 'result'; readonly result: ResultFile }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'crash'; readonly crash: Crash }

/** Between two checkpoints (ms): what a power cut may cost. */
const CHECKPOINT_EVERY_MS = 5_000
const PROGRESS_EVERY_MS = 200

/** Runs an experiment to its stopping rule, to the first Ctrl-C, or to the first replication that throws. */
export async function runToEnd(request: RunRequest): Promise<RunEnd> {
  const { config, directory, version } = request
  const start = { wall: performance.now(), cpu: process.cpuUsage() }
  prepareDirectory(directory)
  const problems = request.interrupt.unheard(() => solverProblems(config))
  if (problems.length > 0) throw new InputFailure(problems)
  if (!needsReplications(config)) {
    const isPartial = await drawInputs(request)
    return { kind: 'result', result: solve(request, start, isPartial) }
  }
  const runner = request.resume ? resumeRunner(directory, config, version) : new ExperimentRunner(config)
  const progress = await startProgress(config.name, request.quiet)
  const workforce = startWorkforce(config, request.workers)
  const workedFrom = performance.now()
  const beat = startHeart(runner, request, progress)
  let crash: Crash | undefined
  let efficiency = 0
  try {
    crash = await drive(runner, workforce, request.interrupt)
    efficiency = workforce.busyMs / (workforce.threads * (performance.now() - workedFrom))
  } finally {
    beat.stop()
    progress.close()
    await workforce.close()
  }
  if (crash !== undefined) return { kind: 'crash', crash }
  if (runner.progress().replications === 0) return { kind: 'nothing' }
  beat.checkpoint()
  runner.interrupt()
  const isPartial = await drawInputs(request)
  const { user, system } = process.cpuUsage(start.cpu)
  const result = runner.result({
    hasim: version,
    wallSeconds: (performance.now() - start.wall) / 1000,
    cpuSeconds: (user + system) / 1e6,
    workers: workforce.threads,
    efficiency,
  })
  const partial = result.run.partial || isPartial
  return { kind: 'result', result: { ...result, run: { ...result.run, partial, file: request.file } } }
}

type Start = { readonly wall: number; readonly cpu: NodeJS.CpuUsage }

/** Solving cannot be interrupted, and half a solution is none. */
function solve({ config, file, version, interrupt }: RunRequest, start: Start, partial: boolean): ResultFile {
  const facts = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial, file }
  const result = present(
    interrupt.unheard(() => solvedResult(config, version, facts)),
    'the solution',
  )
  const { user, system } = process.cpuUsage(start.cpu)
  const cost = { wallSeconds: (performance.now() - start.wall) / 1000, cpuSeconds: (user + system) / 1e6 }
  return { ...result, run: { ...result.run, ...cost } }
}

/**
 * Solves the draws of inputs that are uncertain, one by one, so that progress is seen and Ctrl-C heard between them: what is
 * drawn until then is told.
 * @returns whether the user stopped it
 */
async function drawInputs({ config, interrupt, quiet }: RunRequest): Promise<boolean> {
  const draws = inputDrawsOf(config)
  if (interrupt.requested) draws.stop()
  if (draws.isOver) return draws.isPartial
  const progress = await startDrawProgress(config.name, draws.total, quiet)
  let shown = performance.now()
  while (!draws.isOver) {
    draws.next()
    if (performance.now() - shown < PROGRESS_EVERY_MS) continue
    progress.show(draws.done)
    // Signals are heard between turns of the event loop only.
    await new Promise((resolve) => setImmediate(resolve))
    if (interrupt.requested) draws.stop()
    shown = performance.now()
  }
  progress.close()
  return draws.isPartial
}

/** What happens at intervals while a run goes on: progress is shown, a checkpoint is kept. */
function startHeart(runner: ExperimentRunner, { config, directory, version }: RunRequest, progress: Progress) {
  const showing = setInterval(() => progress.show(runner.progress(), config.variants), PROGRESS_EVERY_MS)
  let isDiskFull = false
  // A checkpoint that cannot be written costs a warning, not the run: its answer can still be told.
  const checkpoint = () => {
    if (isDiskFull) return
    try {
      writeCheckpoint(directory, runner, version)
    } catch (error) {
      if (!(error instanceof EnvironmentFailure)) throw error
      isDiskFull = true
      writeErr(`${error.message}; going on without checkpoints\n`)
    }
  }
  const keeping = setInterval(checkpoint, CHECKPOINT_EVERY_MS)
  return {
    checkpoint,
    stop() {
      clearInterval(showing)
      clearInterval(keeping)
    },
  }
}
