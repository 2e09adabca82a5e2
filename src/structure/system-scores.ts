import { oncePer } from '../base/once-per.ts'
import { meanOf } from '../engine/distribution.ts'
import { type ScoreFunctions, scoresOf, whyNoScore } from '../engine/score.ts'
import { type Clock, type CompiledModel, repairOf } from './compile.ts'
import { memoryOf } from './memory.ts'
import type { PartModel } from './model.ts'
import { AgingClock, MemorylessClock, type ScoreClock } from './score-clock.ts'
import { ScoreProcess } from './score-process.ts'

/** A mean that a model's numbers hang on, as the model spells it (`server.every`), and why it has no score; null: it has. */
export interface ScoredInput {
  readonly input: string
  readonly group: number
  readonly of: 'every' | 'lasts'
  readonly why: string | null
}

/** The inputs of a model in its order: of each group what fails, and what is repaired. */
export const scoredInputs: (model: PartModel) => readonly ScoredInput[] = oncePer((model) =>
  model.groups.flatMap((group, g) => {
    const lasts = repairOf(group)
    const inputs: ScoredInput[] = []
    if (group.every !== null)
      inputs.push({ input: `${group.name}.every`, group: g, of: 'every', why: whyNoScore(group.every) })
    if (lasts !== null) inputs.push({ input: `${group.name}.lasts`, group: g, of: 'lasts', why: whyNoScore(lasts) })
    return inputs
  }),
)

/**
 * By input: of a repair, the place of the failures of its group, if the long run of the group alone hangs on nothing but the
 * ratio of the two means; else −1. So it is where everything that moves a group moves with its own two clocks: then lives
 * and repairs longer by the same factor are the same course in slow motion.
 */
export const livesOfRepairs: (model: PartModel) => readonly number[] = oncePer((model) => {
  const inputs = scoredInputs(model)
  const timed = (group: number) =>
    model.maintenance.some((calendar) => calendar.group === group) ||
    model.crews.some(({ serves }) => serves.includes(group))
  return inputs.map(({ group, of, why }) => {
    const { ages, onLoss, needs } = model.groups[group]!
    const reacts = needs.some((need) => need !== null) && (ages !== 'always' || onLoss !== 'unreachable')
    if (of === 'every' || why !== null || model.roles.length > 0 || reacts || timed(group)) return -1
    return inputs.findIndex((other) => other.group === group && other.of === 'every' && other.why === null)
  })
})

/** What is the same for all replications, by group: memories, and the score functions of laws that have them. */
const ofGroups = oncePer((compiled: CompiledModel) =>
  compiled.groups.map(({ failure, repair }, g) => ({
    memory: Math.max(1, memoryOf(compiled.model, g)),
    failure: failure === null || whyNoScore(failure.of) !== null ? null : scoresOf(failure.of),
    repair: repair === null || whyNoScore(repair.of) !== null ? null : scoresOf(repair.of),
  })),
)

/** The scores of what lies before a system whose failures are struck from outside. */
export interface ScoreOpening {
  /** By input, in the order of {@link scoredInputs}. */
  readonly booked: Float64Array
  /** By part: how old it is at the start (ms); null: nothing has a memory. */
  readonly ages: Float64Array | null
}

/**
 * Scores of all inputs of one running system. Times to failure count while they run, and repairs, too, where there is no
 * crew; one may let a repair wait, share itself, or leave it unfinished, so there the work counts from when it was drawn.
 */
export class SystemScores {
  /** By input, in the order of {@link scoredInputs}; null: it has no score. */
  readonly processes: readonly (ScoreProcess | null)[]
  readonly #compiled: CompiledModel
  readonly #every: (ScoreProcess | null)[]
  readonly #lasts: (ScoreProcess | null)[]
  readonly #groups: ReturnType<typeof ofGroups>

  /**
   * @param start when the system starts
   * @param leastMemory what stands on the parts remembers for at least this long (ms)
   */
  constructor(compiled: CompiledModel, start: number, leastMemory: number) {
    const { model } = compiled
    this.#compiled = compiled
    this.#groups = ofGroups(compiled)
    this.#every = model.groups.map(() => null)
    this.#lasts = model.groups.map(() => null)
    this.processes = scoredInputs(model).map(({ group, of, why }) => {
      if (why !== null) return null
      const process = new ScoreProcess(start, Math.max(leastMemory, this.#groups[group]!.memory))
      const list = of === 'every' ? this.#every : this.#lasts
      list[group] = process
      return process
    })
  }

  /** Follows the failure clock of one part; null: its law has no score, or it does not fail of itself. */
  clockOf(group: number): ScoreClock | null {
    return this.#clock(this.#compiled.groups[group]!.failure, this.#every[group]!, this.#groups[group]!.failure)
  }

  /** Follows the repair of one part that nobody is waited for; null: its law has no score. */
  repairClockOf(group: number): ScoreClock | null {
    return this.#clock(this.#compiled.groups[group]!.repair, this.#lasts[group]!, this.#groups[group]!.repair)
  }

  /** Follows the clock of a cause that all members of a group share. */
  sharedClockOf(group: number, mean: number): ScoreClock | null {
    const process = this.#every[group]!
    return process === null ? null : new MemorylessClock(mean, process)
  }

  #clock(law: Clock | null, process: ScoreProcess | null, scores: ScoreFunctions | null): ScoreClock | null {
    if (law === null || process === null || scores === null) return null
    return law.of.kind === 'exponential'
      ? new MemorylessClock(meanOf(law.of), process)
      : new AgingClock(scores, process)
  }

  /** So much work was drawn for a repair. */
  repairDrawn(group: number, now: number, work: number, residual: boolean): void {
    const scores = this.#groups[group]!.repair
    if (scores === null) return
    this.#lasts[group]!.book(now, residual ? scores.residualEnded(work) : scores.ended(work))
  }

  /** Something was found up or down when the system started, up with the probability mean life / (mean life + mean repair). */
  foundAtStart(group: number, now: number, isUp: boolean, upShare: number): void {
    const score = isUp ? 1 - upShare : -upShare
    this.#every[group]?.book(now, score)
    this.#lasts[group]?.book(now, -score)
  }

  /** Takes what lies before the start. */
  open({ booked }: ScoreOpening, now: number): void {
    this.processes.forEach((process, input) => {
      process?.book(now, booked[input]!)
    })
  }

  /** The scores at a time, by input; 0 where there is none. */
  at(t: number): Float64Array {
    return Float64Array.from(this.processes, (process) => process?.at(t) ?? 0)
  }
}
