import { assert, present } from '../base/assert.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { YEAR } from '../base/units.ts'
import { relativeHalfWidth } from '../stats/interval.ts'
import { VariantAccumulator, type VariantState } from './accumulate.ts'
import { chooseSolver, walksCycles } from './choose-solver.ts'
import type { ExperimentConfig } from './config.ts'
import { believed, lostEstimate } from './estimate.ts'
import { fingerprintOf } from './fingerprint.ts'
import { PairTable, type PairTableState } from './pairs.ts'
import type { ResultFile, RunFacts, VariantResult } from './result.ts'
import { resultFile } from './result-file.ts'
import { cycleLimitOf, HITS_MIN, isRoundEnd, limitOf, precisionReached, type RoundMark, taskSize } from './rounds.ts'
import type { Sample } from './sample.ts'

/** Why a run ended. */
export type StopReason = VariantResult['stopReason']

/** Replications `first` … `first + count − 1` of a variant, to be run in any place and answered in order. */
export interface Task {
  readonly taskId: number
  readonly variantIndex: number
  readonly firstReplication: number
  readonly count: number
}

/** What the surroundings of a run know and the runner does not. */
export interface OutsideFacts {
  /** Version of hasim. */
  readonly hasim: string
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly workers: number
  /** Share of their time in which they computed, in [0, 1]. */
  readonly efficiency?: number
}

/** How far a run has come; per variant in the order of the experiment. */
export interface Progress {
  readonly replications: number
  /** Simulated years of each variant; 0 where biased cycles are walked. */
  readonly years: number
  /** Biased cycles of each variant; 0 where there are none. */
  readonly cycles: number
  /** Relative half-widths of `lostSecondsPerYear` of the first service; infinite while nothing was lost. */
  readonly relativeHalfWidth: readonly number[]
  /** Share of the work that is done, by the nearest limit or the precision's trend, in [0, 1]. */
  readonly share: number
}

/** A stretch of replications, handed out for every variant. */
interface Stretch {
  readonly first: number
  readonly count: number
  readonly samples: (readonly Sample[] | undefined)[]
}

/** Stretches handed out beyond the one that is folded next: bounds what waits in memory. */
const STRETCHES_AHEAD = 32

/** Raised whenever what is summed changes, so that sums of before are refused and not taken for others. */
const CHECKPOINT_SCHEMA = 'hasim/checkpoint@4'

/** What a checkpoint holds. */
interface Checkpoint {
  readonly schema: typeof CHECKPOINT_SCHEMA
  readonly fingerprint: string
  readonly replications: number
  readonly marks: readonly RoundMark[]
  readonly variants: readonly VariantState[]
  readonly pairs: PairTableState
}

/**
 * Hands out replications, folds their samples and says when there are enough: the only loop of an experiment, without I/O,
 * so that a plain loop, worker threads, a browser worker or a distributed engine can drive it.
 *
 * Samples may arrive in any order; they are folded strictly by replication, and the stopping rule is asked only at the ends
 * of fixed rounds, so the answer cannot depend on who computed what when. All variants stop together: with `precision` when
 * every variant's relative half-width was small enough at two successive rounds with at least 30 replications that lost
 * something, else at the limits, exactly.
 */
export class ExperimentRunner {
  readonly #config: ExperimentConfig
  readonly #limit: ReturnType<typeof limitOf>
  readonly #variants: VariantAccumulator[]
  #pairs: PairTable
  #marks: readonly RoundMark[] = []
  #folded = 0
  #planned = 0
  #taskId = 0
  #stopped: StopReason | undefined
  readonly #waiting: Task[] = []
  readonly #out = new Map<number, { readonly task: Task; readonly stretch: Stretch }>()
  readonly #stretches = new Map<number, Stretch>()

  constructor(config: ExperimentConfig) {
    this.#config = config
    this.#limit = walksCycles(config) ? cycleLimitOf(config.run) : limitOf(config.run)
    this.#variants = config.variants.map(() => new VariantAccumulator(config))
    this.#pairs = new PairTable(config.variants.length, config.services.length)
  }

  /** The next task, or undefined: all is handed out that may be, or the run is over. */
  nextTask(): Task | undefined {
    if (this.#stopped !== undefined) return undefined
    if (this.#waiting.length === 0) this.#plan()
    const task = this.#waiting.shift()
    if (task !== undefined) {
      this.#out.set(task.taskId, { task, stretch: present(this.#stretches.get(task.firstReplication), 'the stretch') })
    }
    return task
  }

  /** Up to so many tasks at once. */
  nextTasks(most: number): Task[] {
    const tasks: Task[] = []
    while (tasks.length < most) {
      const task = this.nextTask()
      if (task === undefined) break
      tasks.push(task)
    }
    return tasks
  }

  /** Takes a task back that was handed out and is not going to be answered; it is handed out again. */
  giveBack(taskId: number): void {
    const known = this.#out.get(taskId)
    if (known === undefined) return
    this.#out.delete(taskId)
    this.#waiting.unshift(known.task)
  }

  #plan(): void {
    if (this.#planned >= this.#limit.replications || this.#stretches.size >= STRETCHES_AHEAD) return
    const first = this.#planned
    const count = taskSize(first, this.#limit.replications)
    this.#planned += count
    this.#stretches.set(first, { first, count, samples: this.#variants.map(() => undefined) })
    for (let variantIndex = 0; variantIndex < this.#variants.length; variantIndex++) {
      this.#waiting.push({ taskId: this.#taskId++, variantIndex, firstReplication: first, count })
    }
  }

  /** Takes the samples of a task, in the order of its replications; those of a task no longer asked for are dropped. */
  accept(taskId: number, samples: readonly Sample[]): void {
    const known = this.#out.get(taskId)
    if (known === undefined) return
    const { task, stretch } = known
    assert(samples.length === task.count, 'a task is answered with as many samples as it asks for')
    samples.forEach((sample, i) => {
      assert(
        sample.replication === task.firstReplication + i,
        'the samples of a task come in the order of replications',
      )
    })
    this.#out.delete(taskId)
    stretch.samples[task.variantIndex] = samples
    this.#foldArrived()
  }

  #foldArrived(): void {
    while (this.#stopped === undefined) {
      const stretch = this.#stretches.get(this.#folded)
      if (stretch === undefined || stretch.samples.includes(undefined)) return
      this.#stretches.delete(stretch.first)
      for (let i = 0; i < stretch.count; i++)
        this.#foldRow(stretch.samples.map((samples) => present(samples?.[i], 'a sample')))
      this.#folded += stretch.count
      this.#judge()
    }
  }

  #foldRow(row: readonly Sample[]): void {
    row.forEach((sample, variant) => {
      present(this.#variants[variant], 'the variant').fold(sample)
    })
    this.#pairs.fold(row)
  }

  /** The stopping rule, asked after each stretch; it answers only at the ends of rounds and at the limits. */
  #judge(): void {
    if (isRoundEnd(this.#folded)) {
      this.#marks = [...this.#marks, { replications: this.#folded, halfWidth: this.#believableHalfWidth() }].slice(-2)
    }
    this.#stopped = this.#reasonToStop()
    if (this.#stopped !== undefined) this.#drop()
  }

  #reasonToStop(): StopReason | undefined {
    const atRoundEnd = this.#marks.at(-1)?.replications === this.#folded
    if (atRoundEnd && precisionReached(this.#config.run.precision, this.#marks)) return 'precision'
    return this.#folded >= this.#limit.replications ? this.#limit.reason : undefined
  }

  #drop(): void {
    this.#waiting.length = 0
    this.#out.clear()
    this.#stretches.clear()
    this.#planned = this.#folded
  }

  /** The widest variant's relative half-width, or null while a variant has seen too little to believe it. */
  #believableHalfWidth(): number | null {
    let widest = 0
    for (const [i, variant] of this.#variants.entries()) {
      const { sums } = variant.service(0)
      const lost = believed(sums, sums.lost)
      // A plan of faults without chance may lose nothing, replication for replication: then there is nothing to wait for.
      if (lost.hits === 0 && !this.#config.run.random) continue
      if (lost.hits < HITS_MIN) return null
      widest = Math.max(widest, relativeHalfWidth(lostEstimate(sums, this.#config.run.horizon, this.#known(i))))
    }
    return Number.isFinite(widest) ? widest : null
  }

  /** The exact loss of the first service's parts alone, where it is known. */
  #known(variant: number): number | null {
    return chooseSolver(this.#config)[variant]?.structure?.[0] ?? null
  }

  /** Why the run is over, or undefined while it is not. */
  done(): StopReason | undefined {
    return this.#stopped
  }

  /** Ends the run with what is folded; a run that is over stays as it ended. */
  interrupt(): void {
    if (this.#stopped !== undefined) return
    this.#stopped = 'interrupted'
    this.#drop()
  }

  progress(): Progress {
    const { run } = this.#config
    const widths = this.#variants.map((v, i) =>
      relativeHalfWidth(lostEstimate(v.service(0).sums, run.horizon, this.#known(i))),
    )
    const byLimit = this.#folded / this.#limit.replications
    const widest = Math.max(...widths)
    // A half-width falls as one over the root of the work.
    const byPrecision = run.precision === null ? 0 : Math.min(1, (run.precision / widest) ** 2)
    const { count } = present(this.#variants[0], 'a variant').service(0).sums.cycles
    return {
      replications: this.#folded,
      years: count > 0 ? 0 : (this.#folded * run.horizon) / YEAR,
      cycles: count,
      relativeHalfWidth: widths,
      share: this.#stopped !== undefined ? 1 : Math.max(byLimit, byPrecision),
    }
  }

  /** All that is folded, as plain data for JSON: {@link ExperimentRunner.resume} goes on to the same bytes of result. */
  checkpoint(): unknown {
    const checkpoint: Checkpoint = {
      schema: CHECKPOINT_SCHEMA,
      fingerprint: fingerprintOf(this.#config),
      replications: this.#folded,
      marks: this.#marks,
      variants: this.#variants.map((variant) => variant.toJSON()),
      pairs: this.#pairs.toJSON(),
    }
    return checkpoint
  }

  /** A runner that goes on from a checkpoint of the same experiment; its limits and precision may be others. */
  static resume(config: ExperimentConfig, checkpoint: unknown): Result<ExperimentRunner> {
    if (!isCheckpoint(checkpoint)) {
      return fail([{ path: 'checkpoint', message: 'is not a checkpoint of this version; start anew without --resume' }])
    }
    if (checkpoint.fingerprint !== fingerprintOf(config)) {
      const message =
        'is of another experiment (seed, model, variants, services, horizon or solver differ); start anew without --resume'
      return fail([{ path: 'checkpoint', message }])
    }
    const runner = new ExperimentRunner(config)
    checkpoint.variants.forEach((state, i) => {
      runner.#variants[i] = VariantAccumulator.fromJSON(config, state)
    })
    runner.#pairs = PairTable.fromJSON(checkpoint.pairs)
    runner.#marks = checkpoint.marks
    runner.#folded = checkpoint.replications
    runner.#planned = checkpoint.replications
    if (runner.#folded > 0) runner.#stopped = runner.#reasonToStop()
    return ok(runner)
  }

  /** The result of what is folded; marked partial when the run is not over. */
  result(facts: OutsideFacts): ResultFile {
    const stopReason = this.#stopped ?? 'interrupted'
    const run: RunFacts = {
      wallSeconds: facts.wallSeconds,
      cpuSeconds: facts.cpuSeconds,
      events: this.#variants.reduce((sum, variant) => sum + variant.events, 0),
      workers: facts.workers,
      ...(facts.efficiency !== undefined && { efficiency: facts.efficiency }),
      partial: stopReason === 'interrupted',
    }
    return resultFile(this.#config, {
      variants: this.#variants,
      pairs: this.#pairs,
      stopReason,
      hasim: facts.hasim,
      run,
    })
  }
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false
  const { schema, variants, marks, replications } = value as Partial<Checkpoint>
  return (
    schema === CHECKPOINT_SCHEMA && Array.isArray(variants) && Array.isArray(marks) && typeof replications === 'number'
  )
}

/** One replication of a variant, as the runner needs it done. */
export type Replicate = (config: ExperimentConfig, variantIndex: number, replication: number) => Sample

/** Simulates an experiment in a plain loop, without asking who else could answer it. */
export function simulate(config: ExperimentConfig, replicate: Replicate, facts: OutsideFacts): ResultFile {
  const runner = new ExperimentRunner(config)
  for (let task = runner.nextTask(); task !== undefined; task = runner.nextTask()) {
    const { taskId, variantIndex, firstReplication, count } = task
    const samples: Sample[] = []
    for (let i = 0; i < count; i++) samples.push(replicate(config, variantIndex, firstReplication + i))
    runner.accept(taskId, samples)
  }
  return runner.result(facts)
}
