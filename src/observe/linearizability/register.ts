import type { Model } from './model.ts'
import type { Operation } from './operation.ts'

/** What a register holds; null is "nothing yet". */
export type RegisterValue = string | number | null

/** A read, a write, or a compare-and-set (`cas`), whose answer is whether the comparison held. */
export type RegisterOperation = Operation &
  (
    | { readonly kind: 'read'; readonly input: null; readonly output: RegisterValue | undefined }
    | { readonly kind: 'write'; readonly input: RegisterValue; readonly output: null | undefined }
    | { readonly kind: 'cas'; readonly input: Comparison; readonly output: boolean | undefined }
  )

/** Write `desired` if the register holds `expected`. */
export interface Comparison {
  readonly expected: RegisterValue
  readonly desired: RegisterValue
}

/** Independent registers, one a key, each null at first. */
export const registers: Model<RegisterValue, RegisterOperation> = {
  initial: null,
  step: stepRegister,
  isReadOnly: isReadOnlyOnRegister,
  fingerprint: (value) => JSON.stringify(value),
  partOf: ({ key }) => key,
}

/** What one register may hold after `operation`. */
export function stepRegister(value: RegisterValue, operation: RegisterOperation): readonly RegisterValue[] {
  switch (operation.kind) {
    case 'read':
      return !operation.known || operation.output === value ? [value] : []
    case 'write':
      return [operation.input]
    case 'cas': {
      const holds = operation.input.expected === value
      if (operation.known && operation.output !== holds) return []
      return [holds ? operation.input.desired : value]
    }
  }
}

/** Reads, and comparisons that did not hold or would have replaced a value by itself. */
export function isReadOnlyOnRegister({ kind, input, output }: RegisterOperation): boolean {
  return kind === 'read' || (kind === 'cas' && (output === false || input.expected === input.desired))
}
