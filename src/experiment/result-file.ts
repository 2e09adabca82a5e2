import { present } from '../base/assert.ts'
import type { VariantAccumulator } from './accumulate.ts'
import { assemble } from './assemble.ts'
import { chooseSolver, walksCycles } from './choose-solver.ts'
import { comparisonOf } from './compare.ts'
import type { ExperimentConfig } from './config.ts'
import { cycleResult } from './cycle-result.ts'
import { variantResult } from './estimate.ts'
import type { PairTable } from './pairs.ts'
import type { Comparison, ResultFile, RunFacts, VariantResult } from './result.ts'

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
  return assemble(config, { hasim: folded.hasim, run: folded.run, variants, compare })
}

type Known = number | null
