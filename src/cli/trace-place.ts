import type { ExperimentConfig } from '../experiment/config.ts'
import { outageId } from '../experiment/outage-id.ts'
import type { WorstOutage } from '../experiment/sample.ts'
import { inputFailure } from '../host/failure.ts'
import type { ToldOutage } from '../host/outage-story.ts'
import type { Window } from '../host/trace-replication.ts'
import type { OptionReader } from './options.ts'
import { didYouMean } from './suggest.ts'

/** A replication of an experiment, and the outage that is looked for in it. */
export interface Place {
  readonly variantIndex: number
  readonly replication: number
  /** The last part of the outage's id; null: none is looked for. */
  readonly outage: number | null
}

/** All of a replication, without what went before it was judged. */
export const WHOLE: Window = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER / 1024 }

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
    outage: null,
  }
}

// `three/17/3`: a variant's name may hold a slash itself.
function placeOf(config: ExperimentConfig, id: string): Place {
  const match = /^(.+)\/(\d{1,9})\/(\d{1,9})$/.exec(id)
  if (match === null) {
    throw inputFailure('--outage', `${id} is not the id of an outage, such as three/17/3 (variant/replication/number)`)
  }
  const [, variant, replication, number] = match
  return {
    variantIndex: indexOf(config, '--outage', variant!),
    replication: Number(replication),
    outage: Number(number),
  }
}

/** The outage that was asked for. @throws InputFailure when it is not there */
export function outageAt(config: ExperimentConfig, place: Place, worst: readonly WorstOutage[]): ToldOutage {
  const { id: variant } = config.variants[place.variantIndex]!
  const services = config.services.length
  const all = worst.map((outage) => ({
    id: outageId(variant, place.replication, outage, services),
    service: config.services[outage.service]!.name,
    outage,
  }))
  const wanted = `${variant}/${place.replication}/${place.outage}`
  const found = all.find(({ id }) => id === wanted)
  if (found !== undefined) return found
  const there = all.map(({ id, service }) => `${id} (${service})`)
  const known = there.length === 0 ? 'that replication has none' : `the longest there are: ${there.join(', ')}`
  throw inputFailure('--outage', `${wanted} is not to be found; ${known}`)
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
