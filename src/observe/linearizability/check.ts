import type { Model } from './model.ts'
import type { Operation } from './operation.ts'
import { type Failure, search } from './search.ts'

/** Whether a history is linearizable, with what proves it. */
export type Judgement<State, Op extends Operation> = { readonly configurations: number } & (
  | {
      readonly verdict: 'linearizable'
      /** For each part of the data an order in which its operations may have taken effect, each at one instant. */
      readonly orders: ReadonlyMap<string, readonly Op[]>
    }
  | { readonly verdict: 'not linearizable'; readonly part: string; readonly failure: Failure<State, Op> }
  | { readonly verdict: 'undecided' }
)

/**
 * Configurations to remember for one part of a history before giving up, unless told otherwise: about 100 MB.
 * Deciding linearizability is NP-complete (Gibbons and Korach 1997), so a limit there must be.
 */
export const CONFIGURATION_LIMIT = 500_000

/**
 * Judges a history of clients against a model: could every operation have taken effect at one instant between its call
 * and its answer? Those of unknown outcome may have done so at any instant since their call, or never.
 *
 * Each part of the data that the model calls independent is judged by itself (P-compositionality: A. Horn and
 * D. Kroening, "Faster linearizability checking via P-compositionality", FORTE 2015).
 */
export function judge<State, Op extends Operation>(
  history: readonly Op[],
  model: Model<State, Op>,
  limit: number = CONFIGURATION_LIMIT,
): Judgement<State, Op> {
  const orders = new Map<string, readonly Op[]>()
  let configurations = 0
  let isUndecided = false
  for (const [part, operations] of partsOf(history, model)) {
    const outcome = search(operations, model, limit)
    configurations += outcome.configurations
    // One part that is not linearizable decides for all, whatever the others would be.
    if (outcome.verdict === 'not linearizable') {
      return { verdict: 'not linearizable', configurations, part, failure: outcome.failure }
    }
    if (outcome.verdict === 'undecided') isUndecided = true
    else orders.set(part, outcome.order)
  }
  return isUndecided ? { verdict: 'undecided', configurations } : { verdict: 'linearizable', configurations, orders }
}

function partsOf<State, Op extends Operation>(
  history: readonly Op[],
  { partOf = () => '' }: Model<State, Op>,
): Map<string, Op[]> {
  const parts = new Map<string, Op[]>()
  for (const operation of history) {
    const part = partOf(operation)
    const operations = parts.get(part)
    if (operations === undefined) parts.set(part, [operation])
    else operations.push(operation)
  }
  return parts
}
