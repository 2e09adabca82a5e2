import {
  addDerivativeTo,
  type DerivativeSums,
  derivativeInterval,
  newDerivativeSums,
  withEffectiveHits,
} from '../../stats/derivative.ts'
import type { Estimate } from '../../stats/interval.ts'
import type { MoveScores } from './move-scores.ts'

/** By how many percent the unavailability grows with one percent of a mean, from cycles; null: too few were hit. */
export interface RareElasticity {
  readonly input: string
  readonly estimate: Estimate | null
}

/**
 * Derivatives from regenerative cycles by likelihood ratio (Glynn 1990, Comm. ACM 33, 75–84; for measures of dependability
 * and importance sampling Nakayama, Goyal and Glynn 1994, Operations Research 42, 137–157). With U = E[W D] / E[L], D being
 * the time down of a biased cycle, W its weight and L the length of a plain one,
 *
 *     d ln U = E[W Σ d (score + stay)] / E[W D] − E[Σ l (score + stay)] / E[L],
 *
 * the sums going over the visits that D and L are made of: d or l is the mean stay, `stay` the derivative of its logarithm,
 * and the score that of the true probabilities of all moves up to there. What a score gathers later has mean zero, given what
 * was before; so has the weighted score of a whole cycle, which is the control.
 */
export class CycleScores {
  readonly #of: MoveScores
  readonly #biased: Batches
  readonly #plain: Batches
  /** Of the cycle under way, by input. */
  readonly #scores: Float64Array
  readonly #products: Float64Array

  constructor(of: MoveScores) {
    const { length } = of.inputs
    this.#of = of
    this.#biased = new Batches(length)
    this.#plain = new Batches(length)
    this.#scores = new Float64Array(length)
    this.#products = new Float64Array(length)
  }

  /** Of the next cycle. @returns null: those that were seen are enough */
  begin(): CycleScores | null {
    if (this.#biased.count >= CYCLES_MAX) return null
    this.#scores.fill(0)
    this.#products.fill(0)
    return this
  }

  /** A visit that counts, of this mean length. */
  stay(state: number, length: number): void {
    this.#of.stay(state, length, this.#scores, this.#products)
  }

  move(state: number, place: number): void {
    this.#of.move(state, place, this.#scores)
  }

  endBiased(ratio: number, down: number): void {
    this.#biased.add(ratio, down, this.#products, this.#scores)
  }

  endPlain(length: number): void {
    this.#plain.add(1, length, this.#products, this.#scores)
  }

  elasticities(): readonly RareElasticity[] {
    return this.#of.inputs.map((input, i) => {
      const down = derivativeInterval(withEffectiveHits(this.#biased.sums[i]!))
      const length = derivativeInterval(this.#plain.sums[i]!)
      return { input, estimate: down === null || length === null ? null : difference(down, length) }
    })
  }
}

/** Biased cycles whose scores are kept: with so many an elasticity is known to one percent or two. */
const CYCLES_MAX = 100_000
/** Cycles are added up by so many: the sums of a derivative take longer than the walk of a short cycle. */
const BATCH = 10

/** Cycles, weighted, as sums over batches of them. */
class Batches {
  /** By input. */
  readonly sums: readonly DerivativeSums[]
  count = 0
  #time = 0
  readonly #products: Float64Array
  readonly #scores: Float64Array

  constructor(inputs: number) {
    this.sums = Array.from({ length: inputs }, newDerivativeSums)
    this.#products = new Float64Array(inputs)
    this.#scores = new Float64Array(inputs)
  }

  /** @param time that counts in this cycle */
  add(weight: number, time: number, products: Float64Array, scores: Float64Array): void {
    this.#time += weight * time
    for (let i = 0; i < products.length; i++) {
      this.#products[i]! += weight * products[i]!
      this.#scores[i]! += weight * scores[i]!
    }
    this.count++
    if (this.count % BATCH !== 0) return
    for (let i = 0; i < products.length; i++) {
      addDerivativeTo(this.sums[i]!, this.#time, this.#products[i]!, this.#scores[i]!)
    }
    this.#time = 0
    this.#products.fill(0)
    this.#scores.fill(0)
  }
}

/** Of independent estimates: limits of both, put together (MOVER; Donner and Zou 2012). */
function difference(down: Estimate, length: Estimate): Estimate {
  const mean = down.mean - length.mean
  return {
    ...down,
    mean,
    n: down.n * BATCH,
    lo: mean - Math.hypot(down.mean - down.lo, length.hi! - length.mean),
    hi: mean + Math.hypot(down.hi! - down.mean, length.mean - length.lo),
    method: METHOD,
  }
}

const METHOD = `likelihood ratio within biased cycles, in batches of ${BATCH}: limits of the derivatives of lost time and of length recovered`
