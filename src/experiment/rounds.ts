import { YEAR } from '../base/units.ts'
import type { RunConfig } from './config.ts'

/** Replications of the first round, and the least that any round adds. */
const ROUND_MIN = 32

/** Replications with a loss that every variant must have seen before a precision is believed. */
export const HITS_MIN = 30

/** A task is a share of its round this small, so that workers end a round together. */
const TASKS_PER_ROUND = 8
/** Of the quickest replications, of some 17 µs, so many take longer than to hand them out and back. */
const TASK_MAX = 256

/**
 * Replications at the end of the round that replication `n` (from 0) belongs to: 32, 64, 96, 128, 160, 200, 250, … each a
 * quarter more than the one before. The rounds are the same for every run, whatever its limits and workers.
 */
export function roundEnd(n: number): number {
  let end = ROUND_MIN
  while (end <= n) end += Math.max(ROUND_MIN, Math.floor(end / 4))
  return end
}

/** Whether a round ends after `n` replications. */
export function isRoundEnd(n: number): boolean {
  return n > 0 && roundEnd(n - 1) === n
}

/** How many replications a task has that starts at replication `n`. */
export function taskSize(n: number, limit: number): number {
  const end = roundEnd(n)
  const width = end <= ROUND_MIN ? ROUND_MIN : Math.max(ROUND_MIN, Math.floor(end / 5))
  const size = Math.min(TASK_MAX, Math.ceil(width / TASKS_PER_ROUND))
  return Math.min(size, end - n, limit - n)
}

/** The most replications that the run's limits allow, at least one, and which limit it is. */
export function limitOf(run: RunConfig): {
  readonly replications: number
  readonly reason: 'replications' | 'max-years'
} {
  const byCount = run.replications ?? Number.POSITIVE_INFINITY
  const byYears =
    run.maxYears === null
      ? Number.POSITIVE_INFINITY
      : Math.max(1, Math.floor((run.maxYears * YEAR) / run.horizon + 1e-9))
  return byCount <= byYears
    ? { replications: byCount, reason: 'replications' }
    : { replications: byYears, reason: 'max-years' }
}

/** Samples of cycles after which their precision is given up, where an experiment names no number. */
const CYCLE_SAMPLES_MAX = 20_000

/** As {@link limitOf}, where a replication is a sample of biased cycles, which have no years. */
export function cycleLimitOf({ replications }: RunConfig): ReturnType<typeof limitOf> {
  return { replications: replications ?? CYCLE_SAMPLES_MAX, reason: 'replications' }
}

/** The precision at the end of a round: the worst relative half-width of all variants; null: not to be believed yet. */
export interface RoundMark {
  readonly replications: number
  readonly halfWidth: number | null
}

/**
 * Whether the precision is reached: at the ends of two successive rounds. A single lucky round must not stop a run, for the
 * interval at a stopping time chosen by the data covers less than it says.
 */
export function precisionReached(precision: number | null, marks: readonly RoundMark[]): boolean {
  const last = marks.slice(-2)
  if (precision === null || last.length < 2) return false
  return last.every((mark) => mark.halfWidth !== null && mark.halfWidth <= precision)
}
