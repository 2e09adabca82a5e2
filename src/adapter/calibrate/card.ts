import type { Problem, Result } from '../../base/result.ts'
import { fail, ok } from '../../base/result.ts'
import { writeYaml } from '../../document/write-yaml.ts'
import { exponentialMeanInterval, rateInterval } from '../../stats/count.ts'
import { type FittedLaw, fitLaw, LAWS, type Lifetime } from '../../stats/lifetimes.ts'
import type { SampleSet } from './samples.ts'

/** A sample with all laws fitted to it, the best first; none where nothing ended. */
export interface Calibrated {
  readonly name: string
  readonly n: number
  readonly censored: number
  readonly fits: readonly FittedLaw[]
  /** A mean that the data reject below (ms): where nothing failed. */
  readonly leastMean: number | null
  readonly warning: string | null
}

export interface Source {
  readonly file: string
  readonly sha256: string
}

/** With fewer ended times a fit is a guess, and is called one. */
const FEW = 10

/** @throws never: a sample with nothing to fit gives a bound, or says so */
export function calibrate({ name, times, exposure }: SampleSet): Calibrated {
  const count = (which: (time: Lifetime) => boolean): number =>
    times.reduce((sum, time) => sum + (which(time) ? time.weight : 0), 0)
  const n = count(({ to }) => Number.isFinite(to))
  const censored = count(({ to }) => !Number.isFinite(to))
  if (n === 0) {
    const { hi } = rateInterval(0, exposure ?? 0, censored)
    return {
      name,
      n,
      censored,
      fits: [],
      leastMean: hi === null ? null : 1 / hi,
      warning: 'nothing ended: a bound, no fit',
    }
  }
  const fits = LAWS.map((law) => fitLaw(law, times)).sort((a, b) => a.aic - b.aic)
  return {
    name,
    n,
    censored,
    fits: withExactInterval(fits, n, times),
    leastMean: null,
    warning: n < FEW ? `only ${n} ended times: a guess` : null,
  }
}

/** Of an exponential law the interval is known exactly (chi-square). */
function withExactInterval(fits: readonly FittedLaw[], n: number, times: readonly Lifetime[]): FittedLaw[] {
  const exposure = times.reduce((sum, { from, weight }) => sum + from * weight, 0)
  const exact = exponentialMeanInterval(n, exposure, times.length)
  return fits.map((fit) =>
    fit.law === 'exponential' && exact !== undefined && exact.hi !== null
      ? { ...fit, meanInterval: { lo: exact.lo, hi: exact.hi } }
      : fit,
  )
}

/** A law as the experiment language writes it. */
export function lawText({ law, mean, shape }: Pick<FittedLaw, 'law' | 'mean' | 'shape'>): string {
  if (law === 'exponential') return `exponential(${durationText(mean)})`
  return `${law}(mean ${durationText(mean)}, ${law === 'weibull' ? 'shape' : 'sigma'} ${Number(shape.toPrecision(4))})`
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
]

/** Four figures and a unit in which they read well. */
export function durationText(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms >= length) ?? UNITS.at(-1)!
  return `${Number((ms / size).toPrecision(4))}${unit}`
}

/** What is not a failure process of a profile is a timing of a model. */
const TIMINGS = new Set(['etcd.start', 'etcd.fsync', 'api-server.start'])

/**
 * A card: for failures a profile that `failures:` of a model can name, for timings a fragment of a model to paste; every
 * number with its source.
 * @param part what failed, as profiles call it: `node`, `etcd`, `zone`, …
 */
export function writeCard(
  name: string,
  part: string,
  all: readonly Calibrated[],
  sources: readonly Source[],
): Result<string> {
  const problems: Problem[] = []
  const from = sources.map(({ file, sha256 }) => `${file} (sha256 ${sha256.slice(0, 16)}…)`).join(', ')
  const sourced = (one: Calibrated): object | null => {
    const [best] = one.fits
    if (best === undefined) {
      if (one.name !== 'every' || one.leastMean === null) return null
      return {
        value: `exponential(${durationText(one.leastMean)})`,
        source: `${from}: no failure; the mean is longer than this (95 %, one-sided), the card takes the bound`,
        grade: 'U',
      }
    }
    return {
      value: lawText(best),
      source: `${from}: ${detail(one, best)}`,
      ...(one.warning === null ? {} : { note: one.warning }),
    }
  }
  const failure = Object.fromEntries(
    all
      .filter(({ name: own }) => own === 'every' || own === 'lasts')
      .flatMap((one) => {
        const value = sourced(one)
        return value === null ? [] : [[one.name, value]]
      }),
  )
  const timings: { [section: string]: { [key: string]: object } } = {}
  for (const one of all.filter(({ name: own }) => TIMINGS.has(own))) {
    const [section, key] = one.name.split('.') as [string, string]
    const value = sourced(one)
    if (value !== null) timings[section] = { ...timings[section], [key]: value }
  }
  const hasFailures = Object.keys(failure).length > 0
  if (hasFailures && Object.keys(timings).length > 0) {
    problems.push({
      path: 'FILE',
      message: 'incidents and timings cannot stand on one card: calibrate them one by one',
    })
  }
  if (hasFailures && (failure['every'] === undefined || failure['lasts'] === undefined)) {
    problems.push({
      path: 'FILE',
      message: `no ${failure['every'] === undefined ? 'time to failure' : 'repair'} could be fitted: a failure process needs both`,
    })
  }
  if (!hasFailures && Object.keys(timings).length === 0) {
    problems.push({ path: 'FILE', message: 'nothing here has a place in a model' })
  }
  if (problems.length > 0) return fail(problems)
  const head = hasFailures
    ? '# A failure profile: name this file under `failures:` of a model. Its numbers were fitted; their intervals stand beside them.\n'
    : '# Sections of a model, to be pasted: their numbers were fitted; their intervals stand beside them.\n'
  const body = hasFailures ? { name, [part]: failure } : timings
  return ok(head + writeYaml(body))
}

function detail({ n, censored }: Calibrated, { meanInterval, shapeInterval, distance }: FittedLaw): string {
  const hi = meanInterval.hi === null ? 'no bound' : durationText(meanInterval.hi)
  const shape =
    shapeInterval === null
      ? ''
      : `, shape ${Number(shapeInterval.lo.toPrecision(3))} to ${Number(shapeInterval.hi.toPrecision(3))}`
  return `n ${n}${censored > 0 ? ` and ${censored} censored` : ''}, maximum likelihood, mean ${durationText(meanInterval.lo)} to ${hi}${shape} (95 %), distance to the data ${distance.toFixed(3)}`
}
