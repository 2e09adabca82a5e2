import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { exponentialMeanInterval } from './count.ts'
import { type Estimate, LEVEL, meanInterval } from './interval.ts'
import { addTo, type Moments, newMoments } from './moments.ts'

/** Times to an event of which some were watched to the horizon in vain. Unit: any, the same everywhere. */
export interface FirstTimes {
  /** Within the first {@link EARLY} of the horizon, 0 included: the event was there from the start. */
  readonly early: Moments
  /** Later, but within the horizon. */
  readonly late: Moments
}

/** This share of the horizon says nothing about what happens beyond it: a system that starts new is not yet itself. */
const EARLY = 0.25

/** Below this many late events the interval also allows for what an exponential time would give. */
const EVENTS_ENOUGH = 100

export function newFirstTimes(): FirstTimes {
  return { early: newMoments(), late: newMoments() }
}

/** Adds a time within the horizon. */
export function addFirstTime(times: FirstTimes, time: number, horizon: number): void {
  addTo(time < EARLY * horizon ? times.early : times.late, time)
}

/**
 * The mean time to an event in `n` observations that end at the horizon: the mean time watched, plus for those that saw
 * none the mean time still to come, which takes the hazard after the horizon to be the mean one of its last three
 * quarters. The first quarter is left out of that, and so are those that start with the event: neither a start from new
 * nor one in the middle of an outage biases the mean, however short the horizon, as long as the start is forgotten soon.
 *
 * The interval is the delta method's, on the log scale; with few events the wider of that and the chi-square interval of an
 * exponential time.
 * @returns undefined without an event after the start, unless nobody was watched in vain.
 */
export function firstTimeInterval(
  times: FirstTimes,
  n: number,
  horizon: number,
  level: number = LEVEL,
): Estimate | undefined {
  const { early, late } = times
  const censored = n - early.n - late.n
  if (n === 0) return undefined
  if (censored === 0) return meanInterval(pooled(early, late), { level })
  if (late.n > 0) return estimate({ before: early, late, censored, from: EARLY * horizon, horizon }, level)
  if (early.hits === 0) return undefined
  // Too rare to leave anything out.
  const start = { ...newMoments(), n: early.n - early.hits }
  return estimate({ before: start, late: withoutZeros(early), censored, from: 0, horizon }, level)
}

/** Events before `from`, events after it from which the hazard is read, and those watched to the horizon. */
interface Split {
  readonly before: Moments
  readonly late: Moments
  readonly censored: number
  readonly from: number
  readonly horizon: number
}

function estimate({ before, late, censored, from, horizon }: Split, level: number): Estimate {
  const n = before.n + late.n + censored
  const watched = (before.mean * before.n + late.mean * late.n + horizon * censored) / n
  const exposure = late.n * (late.mean - from) + censored * (horizon - from)
  const share = censored / n
  const rest = exposure / late.n
  const mean = watched + share * rest
  // What each observation adds to the estimate, to first order: a line in its time for each of the three kinds.
  const lever = censored / late.n
  const kinds = [
    { n: before.n, mean: before.mean, m2: before.m2 },
    { n: late.n, mean: (1 + lever) * late.mean - lever * (from + rest), m2: (1 + lever) ** 2 * late.m2 },
    { n: censored, mean: horizon + rest + lever * (horizon - from), m2: 0 },
  ]
  const center = kinds.reduce((sum, kind) => sum + kind.n * kind.mean, 0) / n
  const squares = kinds.reduce((sum, kind) => sum + kind.m2 + kind.n * (kind.mean - center) ** 2, 0)
  const factor = Math.exp((normalQuantile((1 + level) / 2, 0, 1) * Math.sqrt(squares)) / n / mean)
  const method = 'time watched and, beyond the horizon, the hazard of its last three quarters: delta method, log scale'
  const own = { mean, lo: mean / factor, hi: mean * factor, level, n, method }
  const exponential = exponentialMeanInterval(late.n, exposure, n, level)
  if (late.n >= EVENTS_ENOUGH || exponential === undefined || exponential.hi === null) return own
  return {
    ...own,
    lo: Math.min(own.lo, watched + share * exponential.lo),
    hi: Math.max(own.hi, watched + share * exponential.hi),
    method: 'few events: not narrower than the chi-square interval of an exponential time beyond the horizon',
  }
}

/** Both together: parallel update of means and central sums (Pébay, SAND2008-6212). */
function pooled(a: Moments, b: Moments): Moments {
  if (a.n === 0) return b
  if (b.n === 0) return a
  const n = a.n + b.n
  const delta = b.mean - a.mean
  const across = (delta ** 2 * a.n * b.n) / n
  return {
    n,
    mean: a.mean + (delta * b.n) / n,
    m2: a.m2 + b.m2 + across,
    m3: a.m3 + b.m3 + (across * delta * (a.n - b.n)) / n + (3 * delta * (a.n * b.m2 - b.n * a.m2)) / n,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    hits: a.hits + b.hits,
  }
}

function withoutZeros(of: Moments): Moments {
  const { n, hits } = of
  if (n === hits) return of
  const mean = (of.mean * n) / hits
  // Σ x² less what is left around the greater mean.
  const m2 = Math.max(0, of.m2 + n * of.mean ** 2 - hits * mean ** 2)
  return { ...of, n: hits, mean, m2, m3: 0, min: 0 }
}
