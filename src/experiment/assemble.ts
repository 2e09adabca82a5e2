import { present } from '../base/assert.ts'
import type { ExperimentConfig, RunConfig } from './config.ts'
import type { Comparison, Played, ResultFile, RunFacts, VariantResult } from './result.ts'
import { comparedUncertainty, withUncertainty } from './uncertainty.ts'
import { verdictOf } from './verdict.ts'
import { playedVerdict } from './verdict-played.ts'

/** What a result is put together from, whichever solver answered. */
export interface Answered {
  /** Version of hasim. */
  readonly hasim: string
  readonly run: RunFacts
  readonly variants: readonly VariantResult[]
  /** How variant `b` compares with variant `a` in a service; indices in the order of the experiment. */
  readonly compare: (service: number, a: number, b: number) => Comparison
}

/** The result file: every variant, each compared with the first, and a sentence to decide by. */
export function assemble(config: ExperimentConfig, answered: Answered): ResultFile {
  const { hasim, run } = answered
  const variants = answered.variants.map((variant, v) => drawn(config, variant, v))
  const compare: Answered['compare'] = (service, a, b) => ({
    ...answered.compare(service, a, b),
    ...comparedUncertainty(config, service, a, b),
  })
  const comparisons: Comparison[] = []
  for (let service = 0; service < config.services.length; service++) {
    for (let b = 1; b < variants.length; b++) comparisons.push(compare(service, 0, b))
  }
  const played = playedOf(config.run)
  const service = present(config.services[0], 'the first service').name
  return {
    schema: 'hasim/result@1',
    hasim,
    experiment: config.name,
    question: config.question,
    seed: config.seed,
    played,
    variants,
    comparisons,
    verdict:
      played === null
        ? verdictOf(service, variants, (a, b) => compare(0, a, b))
        : playedVerdict(service, variants, played),
    run,
  }
}

/** A variant with what its services could lose, for all that is known of its inputs. */
function drawn(config: ExperimentConfig, variant: VariantResult, v: number): VariantResult {
  const services = config.services.map(({ name }, s) => {
    return [name, withUncertainty(config, v, s, present(variant.services[name], 'the service'))] as const
  })
  return { ...variant, services: Object.fromEntries(services) }
}

/** A fault plan instead of chance; a run that is given neither plays nothing, once a replication. */
function playedOf({ random, faults, horizon }: RunConfig): Played | null {
  return random ? null : { plan: faults?.name ?? 'nothing', horizonSeconds: horizon / 1000 }
}
