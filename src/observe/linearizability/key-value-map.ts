import type { Model } from './model.ts'
import type { Operation } from './operation.ts'
import { isReadOnlyOnRegister, type RegisterOperation, type RegisterValue, stepRegister } from './register.ts'

/** What a key-value map holds; a key that is not there reads as null. */
export type KeyValues = ReadonlyMap<string, RegisterValue>

/** Reads the keys of `input` in one instant, and is answered with their values in that order. */
export type RangeOperation = Operation & {
  readonly kind: 'range'
  readonly input: readonly string[]
  readonly output: readonly RegisterValue[] | undefined
}

/**
 * A map of registers that can also be read several keys at a time, and is therefore judged whole: keys that are each
 * linearizable alone may still have been seen in a combination that never was.
 */
export const keyValueMap: Model<KeyValues, RegisterOperation | RangeOperation> = {
  initial: new Map(),
  step(values, operation) {
    if (operation.kind === 'range') {
      const isSeen = (key: string, index: number) => (values.get(key) ?? null) === operation.output?.[index]
      return !operation.known || operation.input.every(isSeen) ? [values] : []
    }
    const before = values.get(operation.key) ?? null
    return stepRegister(before, operation).map((after) =>
      after === before ? values : new Map(values).set(operation.key, after),
    )
  },
  isReadOnly: (operation) => operation.kind === 'range' || isReadOnlyOnRegister(operation),
  fingerprint(values) {
    const held = [...values].filter(([, value]) => value !== null)
    return JSON.stringify(held.sort(([a], [b]) => (a < b ? -1 : 1)))
  },
}
