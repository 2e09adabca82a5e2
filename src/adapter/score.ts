import type { Score, Spread } from '../experiment/replay.ts'
import { kolmogorovSmirnov } from '../stats/two-sample.ts'
import type { Values } from './predict.ts'

/** Over all that is compared in a replay, a right prediction is called wrong this often at most (Holm's rule). */
const LEVEL = 0.01
/** With fewer values nothing is concluded. */
const FEWEST = 5
/** A distance below this, with the median where it should be, is a good prediction though many trials can tell it from truth. */
const NEAR = 0.2

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => quantile(sorted, share)
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  return { n: sorted.length, p10: at(0.1), p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9), mean: tenth(mean) }
}

/** Linear between order statistics (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)]!
  const above = sorted[Math.ceil(at)]!
  return tenth(below + (above - below) * (at - Math.floor(at)))
}

const tenth = (ms: number): number => Math.round(ms * 10) / 10

/**
 * Places what was measured in what was predicted, transition by transition.
 * @param excluded transitions that say nothing here, with the reason
 */
export function scoreAll(
  measured: Values,
  predicted: Values,
  excluded: (name: string) => string | null,
): { readonly [name: string]: Score } {
  const names = Object.keys(measured).filter((name) => (predicted[name]?.length ?? 0) > 0)
  const compared = names
    .filter((name) => excluded(name) === null && measured[name]!.length >= FEWEST)
    .map((name) => ({ name, ...kolmogorovSmirnov(measured[name]!, predicted[name]!) }))
    .sort((a, b) => a.p - b.p)
  const rejected = new Set<string>()
  for (const [i, { name, p }] of compared.entries()) {
    if (p >= LEVEL / (compared.length - i)) break
    rejected.add(name)
  }
  return Object.fromEntries(
    names.map((name) => {
      const { distance, p } = kolmogorovSmirnov(measured[name]!, predicted[name]!)
      const [median, middle] = [spreadOf(measured[name]!).p50, spreadOf(predicted[name]!)]
      const medianWithin = median >= middle.p25 && median <= middle.p75
      const why = excluded(name)
      const differs = rejected.has(name) && !(medianWithin && distance < NEAR)
      const verdict =
        why !== null ? 'not compared' : measured[name]!.length < FEWEST ? 'too few' : differs ? 'differs' : 'agrees'
      return [name, { ks: round(distance), p: round(p), medianWithin, verdict, why }]
    }),
  )
}

const round = (value: number): number => Number(value.toPrecision(4))
