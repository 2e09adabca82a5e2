import type { Chain } from './chain.ts'
import { sharesOfStay, type Within } from './stay.ts'

/** Two looks in a row must agree to this before it is worth a solution. */
const AGREE = 1e-13
/** Looks are a tenth of the way apart, and not before so many steps. */
const FIRST_LOOK = 64
const SPACING = 1.1
/** After a solution that says no: half of the way again. */
const WAIT = 1.5
/** What the share that is left may be off by, relative, for each of three reasons. */
const NEAR = 1e-12

/** How far a final shape must hold. */
export interface Far {
  /** Steps that are still to come. */
  readonly steps: number
  /** The least share that matters, of what is left or of what is lost. */
  least(perStep: number): number
}

/**
 * Tells when the states that a walk is in have their final shape (quasi-stationary), so that every step from then on
 * loses the same share.
 *
 * That the share lost per step is at rest does not tell: beside what takes seconds, what takes years is at rest, too. So
 * it is proved. Let v be the shape, and whoever leaves, or is called off at a rate κ, start anew as v; let w be the
 * shares of time of that chain, which solve linear equations, m the mean time until a new start and θ the rate of
 * leaving by w. From w Q = κ w − v / m follows for G(t) = w e^{Qt} 1 and S(t) = v e^{Qt} 1 (still there after t)
 * G′ = −θ G + (G − S) / m. So wherever |G − S| ≤ D, |S(t) − e^{−θt}| ≤ D (1 + min(t, 1/θ) (θ + κ)) ≤ 3 D for t ≤ 1/κ:
 * κ is one over the time that is still asked about, so what is slower than that does not matter. And
 * |G − S| = |Σ (w − v) s(t)|, s(t) being the probability to be still there from each state; or with 1 − s(t), as both
 * sum to one: no more than NEAR times S, or 1 − S, from all states whose shares differ by NEAR at most, plus what the
 * others differ by, which must be NEAR times the least share that matters.
 */
export class FinalShape {
  readonly #chain: Chain
  readonly #within: Within
  readonly #pace: number
  #nextLook = FIRST_LOOK
  #nextProof = 0
  #calm = 0
  #seen = Number.NaN
  /** Whether it looked like it and was not. */
  isDeceptive = false

  constructor(chain: Chain, within: Within, pace: number) {
    this.#chain = chain
    this.#within = within
    this.#pace = pace
  }

  /**
   * @param lost the share that step `k` lost
   * @param mass of each state, after step `k`
   * @returns the share that every step loses from now on; null: not so
   */
  after(k: number, lost: number, mass: () => Float64Array, far: () => Far): number | null {
    if (k < this.#nextLook) return null
    this.#nextLook = Math.ceil(k * SPACING)
    this.#calm = Math.abs(lost - this.#seen) <= AGREE * lost ? this.#calm + 1 : 0
    this.#seen = lost
    if (this.#calm < 2 || k < this.#nextProof) return null
    const proved = this.#prove(mass(), far())
    if (proved !== null) return proved
    this.isDeceptive = true
    this.#nextProof = k * WAIT
    return null
  }

  #prove(mass: Float64Array, { steps, least }: Far): number | null {
    const total = mass.reduce((sum, one) => sum + one, 0)
    const shape = mass.map((one) => one / total)
    const stay = sharesOfStay(this.#chain, this.#within, shape, this.#pace / Math.max(1, steps))
    if (stay === null) return null
    const perStep = stay.rate / this.#pace
    let apart = 0
    for (let i = 0; i < shape.length; i++) {
      const off = Math.abs(stay.shares[i]! - shape[i]!)
      if (off > NEAR * shape[i]!) apart += off
    }
    return apart <= NEAR * least(perStep) ? perStep : null
  }
}
