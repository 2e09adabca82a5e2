import { present } from '../base/assert.ts'
import type { VariantAccumulator } from './accumulate.ts'
import { chooseSolver, walksCycles } from './choose-solver.ts'
import { comparisonOf } from './compare.ts'
import type { ExperimentConfig, RunConfig } from './config.ts'
import { cycleResult } from './cycle-result.ts'
import { variantResult } from './estimate.ts'
import type { PairTable } from './pairs.ts'
import type { Comparison, Played, ResultFile, RunFacts, VariantResult } from './result.ts'
import { verdictOf } from './verdict.ts'
import { playedVerdict } from './verdict-played.ts'

/** What a run has folded when it ends. */
export interface Folded {
  readonly variants: readonly VariantAccumulator[]
  readonly pairs: PairTable
  readonly stopReason: VariantResult['stopReason']
  /** Version of hasim. */
  readonly hasim: string
  readonly run: RunFacts
}

/** The result file of what a run has folded. */
export function resultFile(config: ExperimentConfig, folded: Folded): ResultFile {
  const choices = chooseSolver(config)
  const of = walksCycles(config) ? cycleResult : variantResult
  const variants = config.variants.map((variant, i) =>
    of(
      config,
      variant,
      present(folded.variants[i], 'the accumulator'),
      folded.stopReason,
      present(choices[i], 'the choice'),
    ),
  )
  const compare = (service: number, a: number, b: number): Comparison => {
    const [one, other] = [a, b].map((variant) => choices[variant]?.structure?.[service] ?? null) as [Known, Known]
    const compared = {
      service: config.services[service]!.name,
      baseline: variants[a]!.id,
      variant: variants[b]!.id,
      known: one === null || other === null ? null : ([one, other] as const),
    }
    return comparisonOf(compared, present(folded.pairs.of(service, a, b), 'the pairs'), config.run.horizon)
  }
  const comparisons: Comparison[] = []
  for (let service = 0; service < config.services.length; service++) {
    for (let b = 1; b < variants.length; b++) comparisons.push(compare(service, 0, b))
  }
  const played = playedOf(config.run)
  const service = present(config.services[0], 'the first service').name
  return {
    schema: 'hasim/result@1',
    hasim: folded.hasim,
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
    run: folded.run,
  }
}

type Known = number | null

/** A fault plan instead of chance; a run that is given neither plays nothing, once a replication. */
function playedOf({ random, faults, horizon }: RunConfig): Played | null {
  return random ? null : { plan: faults?.name ?? 'nothing', horizonSeconds: horizon / 1000 }
}
