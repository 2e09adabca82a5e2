/**
 * A linearizability checker for histories of clients, with outcomes that are not known.
 *
 * @module
 */
export { CONFIGURATION_LIMIT, type Judgement, judge } from './check.ts'
export { describeOperation, explainFailure } from './explain.ts'
export { readJepsenLog } from './jepsen-log.ts'
export { type KeyValues, keyValueMap, type RangeOperation } from './key-value-map.ts'
export type { Model } from './model.ts'
export type { Operation } from './operation.ts'
export { type Comparison, type RegisterOperation, type RegisterValue, registers } from './register.ts'
export type { Failure } from './search.ts'
