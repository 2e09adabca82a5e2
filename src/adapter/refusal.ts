/** Something is not safe, or not as it must be: nothing was touched, or all was undone. The message says what and why. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** A program or a permission that the target needs is not there. */
export class Missing extends Error {
  override readonly name = 'Missing'
}

/** The user asked to stop; all was undone. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
