import type { Model } from './model.ts'
import type { Operation } from './operation.ts'
import type { Failure } from './search.ts'

/** Steps of the order that are shown: what came long before rarely matters. */
const STEPS_SHOWN = 6

/** Tells in a few lines why a history is not linearizable: what fits, where that leads, what then has no place. */
export function explainFailure<State, Op extends Operation>(
  { blocked, order, states, unplaced }: Failure<State, Op>,
  model: Model<State, Op>,
): string {
  const others = unplaced.filter((operation) => operation !== blocked)
  const held = states.map((state) => model.fingerprint(state)).sort()
  const hidden = order.length - STEPS_SHOWN
  return [
    `${order.length} operations fit${hidden > 0 ? `; after the first ${hidden}:` : order.length > 0 ? ':' : ''}`,
    ...order.slice(-STEPS_SHOWN).map((operation) => `  ${describeOperation(operation)}`),
    `they may leave ${held.join(' or ')}, and no order of what was under way makes room for`,
    `  ${describeOperation(blocked)}`,
    ...(others.length === 0 ? [] : ['also without a place by then']),
    ...others.map((operation) => `  ${describeOperation(operation)}`),
  ].join('\n')
}

/** `process 3: cas {"expected":1,"desired":2} = true (17 to 21)`; `?` for an outcome that is not known. */
export function describeOperation({ process, kind, input, output, known, call, result }: Operation): string {
  const asked = input === null ? kind : `${kind} ${JSON.stringify(input)}`
  const answered = !known ? ' = ?' : output === null && input !== null ? '' : ` = ${JSON.stringify(output)}`
  return `process ${process}: ${asked}${answered} (${call} to ${known ? result : '?'})`
}
