/** What must hold if our own code is right. A user's mistake is never an assertion: it is a {@link Problem}. */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure'
}

/** Throws when `condition` is false: one fact per call, so that the message names the fact. */
export function assert(condition: boolean, fact: string): asserts condition {
  if (!condition) throw new AssertionFailure(fact)
}

/** The `default` of a switch over a union: a forgotten case no longer compiles. */
export function assertNever(value: never): never {
  throw new AssertionFailure(`unhandled case ${JSON.stringify(value)}`)
}

/** The value, which our own code promises is there. */
export function present<T>(value: T | undefined | null, what: string): T {
  assert(value !== undefined && value !== null, `${what} is missing`)
  return value
}
