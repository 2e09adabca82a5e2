import type { Result } from '../base/result.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import type { Divergence } from '../experiment/replay.ts'
import { kolmogorovSmirnov } from '../stats/two-sample.ts'
import { asSeen, type Instrument, predict, type Values } from './predict.ts'

const FACTORS = [0.25, 0.5, 0.75, 1.5, 2, 4]
const PLAYS = 150
/** A change that does not take away this share of the distance explains nothing. */
const EXPLAINS = 0.3

/** A timer of the model: how it is set (`path=value`), and its value now, in ms. */
export interface Timer {
  readonly path: string
  readonly now: number
  /** Its setting when it is `factor` times as long. */
  readonly set: (factor: number) => string
}

/** What was measured and is not as it was predicted. */
export interface Disagreement {
  /** Names of what differs. */
  readonly differing: readonly string[]
  readonly measured: Values
  readonly predicted: Values
  readonly instrument: Instrument
}

/**
 * Tries each timer at several lengths, one at a time, in simulation.
 * @param model reads the model with one setting changed
 */
export function mostLikelyWrong(
  { differing, measured, predicted, instrument }: Disagreement,
  timers: readonly Timer[],
  model: (sets: readonly { readonly path: string; readonly value: string }[]) => Result<ExperimentConfig>,
): Divergence | null {
  const distanceTo = (values: Values): number =>
    differing.reduce(
      (sum, name) => sum + kolmogorovSmirnov(measured[name]!, values[name] ?? [Number.POSITIVE_INFINITY]).distance,
      0,
    )
  const distance = distanceTo(predicted)
  let best: Divergence | null = null
  for (const { path, now, set } of timers) {
    for (const factor of FACTORS) {
      const value = set(factor)
      const read = model([{ path, value }])
      // Some lengths make no sense together with the other timers.
      if (!read.ok) continue
      const then = distanceTo(asSeen(predict(read.value, PLAYS), instrument, `${path}/${factor}`))
      if (then >= (best?.distanceThen ?? distance * (1 - EXPLAINS))) continue
      const from = `${Math.round(now * 1000) / 1000} ms`
      best = {
        timer: path,
        factor,
        from,
        to: value,
        distance: round(distance),
        distanceThen: round(then),
        words: `${path} is the timer most likely wrong: with ${value} instead of ${from} the distance would be ${round(then)} instead of ${round(distance)}`,
      }
    }
  }
  return best
}

const round = (value: number): number => Math.round(value * 1000) / 1000
