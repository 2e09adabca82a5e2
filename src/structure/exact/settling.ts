/** Two looks in a row must agree to this. */
const AGREE = 1e-13
/** Looks are a tenth of the way apart, and not before so many steps. */
const FIRST_LOOK = 64
const SPACING = 1.1

/**
 * Tells when numbers that are watched step by step have come to rest. They are looked at ever more seldom, each time a
 * tenth of the way later: something that decays by e^−30 on the way there still decays visibly between two looks.
 */
export class Settling {
  #nextLook = FIRST_LOOK
  #calm = 0
  #seen: readonly number[] = []

  /** @returns whether `values`, as they are after step `k`, may be taken to stay as they are */
  isCalm(k: number, ...values: readonly number[]): boolean {
    if (k < this.#nextLook) return false
    this.#nextLook = Math.ceil(k * SPACING)
    const same = values.every((value, i) => Math.abs(value - (this.#seen[i] ?? Number.NaN)) <= AGREE * Math.abs(value))
    this.#seen = values
    this.#calm = same ? this.#calm + 1 : 0
    return this.#calm >= 2
  }
}
