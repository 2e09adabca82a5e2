/**
 * What one client asked and was told. Operations that certainly did not happen are left out of a history.
 *
 * `kind`, `input` and `output` are plain data whose meaning is the model's affair.
 */
export interface Operation {
  /** The client: one that asks one thing at a time. */
  readonly process: string
  /** What is read or written: the register's name, the key of a map. */
  readonly key: string
  /** When it was asked: a time or a position in a log, on one scale for the whole history. */
  readonly call: number
  /** When it was answered, on the same scale, not before `call`; of no meaning when the outcome is not known. */
  readonly result: number
  readonly kind: string
  readonly input: unknown
  /** The answer; undefined when the outcome is not known. */
  readonly output: unknown
  /**
   * False when no answer came, or one that leaves open what was done, such as a timeout: the operation may have taken
   * effect at any time since its call, may do so yet, or never will.
   */
  readonly known: boolean
}
