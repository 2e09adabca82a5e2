import type { ExperimentConfig } from '../experiment/config.ts'
import type { WorstOutage } from '../experiment/sample.ts'
import { inputFailure } from '../host/failure.ts'
import { type Window, windowAround } from '../host/trace-replication.ts'
import type { OptionReader } from './options.ts'
import { didYouMean } from './suggest.ts'

/** A replication of an experiment, and the outage that is looked for in it, by its ordinal. */
export interface Place {
  readonly variantIndex: number
  readonly replication: number
  readonly ordinal: number | null
}

/** All of a replication, without what went before it was judged. */
export const WHOLE: Window = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER / 1024, eventsBefore: 0 }

const MAX_REPLICATION = 1_000_000_000

/** Which replication is meant, by `--outage` or by `--variant` and `--replication`. @throws InputFailure */
export function readPlace(config: ExperimentConfig, reader: OptionReader): Place {
  const outage = reader.text('outage')
  const variant = reader.text('variant')
  const replication = reader.whole('replication', 0, MAX_REPLICATION)
  if (outage !== null && (variant !== null || replication !== null)) {
    reader.refuse('outage', 'names a variant and a replication itself: leave --variant and --replication out')
  }
  reader.finish()
  if (outage !== null) return placeOf(config, outage)
  if (variant === null && config.variants.length > 1) {
    throw inputFailure('--variant', `is missing; there are: ${ids(config).join(', ')}`)
  }
  return {
    variantIndex: variant === null ? 0 : indexOf(config, '--variant', variant),
    replication: replication ?? 0,
    ordinal: null,
  }
}

// `three/17/3`: variant, replication, ordinal; a variant's name may hold a slash itself.
function placeOf(config: ExperimentConfig, id: string): Place {
  const match = /^(.+)\/(\d{1,9})\/(\d{1,9})$/.exec(id)
  if (match === null) {
    throw inputFailure('--outage', `${id} is not the id of an outage, such as three/17/3 (variant/replication/ordinal)`)
  }
  const [, variant, replication, ordinal] = match
  return {
    variantIndex: indexOf(config, '--outage', variant!),
    replication: Number(replication),
    ordinal: Number(ordinal),
  }
}

/** The outage that was asked for, and the window that shows it. @throws InputFailure when it is not there */
export function windowOf(config: ExperimentConfig, place: Place, worst: readonly WorstOutage[]): Window {
  const found = worst.find(({ ordinal }) => ordinal === place.ordinal)
  if (found !== undefined) return windowAround(found)
  const variant = config.variants[place.variantIndex]!.id
  const there = worst.map(({ ordinal }) => `${variant}/${place.replication}/${ordinal}`)
  const known = there.length === 0 ? 'that replication has none' : `the longest there are: ${there.join(', ')}`
  throw inputFailure('--outage', `${variant}/${place.replication}/${place.ordinal} is not to be found; ${known}`)
}

function indexOf(config: ExperimentConfig, option: string, variant: string): number {
  const at = ids(config).indexOf(variant)
  if (at >= 0) return at
  const there = `there are: ${ids(config).join(', ')}`
  throw inputFailure(option, `there is no variant ${variant}${didYouMean(variant, ids(config))}; ${there}`)
}

function ids(config: ExperimentConfig): string[] {
  return config.variants.map(({ id }) => id)
}
