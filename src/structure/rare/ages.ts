import { lengthBiasedSamplerOf } from '../../engine/distribution.ts'
import { type Hazard, hazardOf } from '../../engine/hazard.ts'
import { type Random, RandomStreams } from '../../engine/random.ts'
import { type CompiledModel, compileModel } from '../compile.ts'
import type { PartModel } from '../model.ts'
import type { Source } from './sources.ts'

/** Ends of cycles that are passed before one is taken: time has begun at any time, not at the end of a cycle. */
const PASSED = 4
/** Times of everything up over which the probability that they last is averaged. */
const ENTRIES_LOOKED_AT = 4_000

/** What cycles of parts with a memory are begun with: how old each is when one ends, in the long run. */
export interface Aging {
  readonly hazards: readonly Hazard[]
  /** Share of the times of everything up that last for `settle`. */
  readonly lasting: number
  /** Ages of all sources (ms) at so many ends of cycles, one after the other. */
  ages(random: Random, count: number): Float64Array[]
}

/**
 * Cycles of parts whose lives have a memory, and which do not influence one another: renewal processes side by side. A time of
 * everything up that begins with ages aᵢ lasts with probability exp(−Σ (Hᵢ(aᵢ + settle) − Hᵢ(aᵢ))); its mean over a course of
 * the parts alone is the share that lasts. These probabilities hardly differ: with something failing every few hundred hours
 * and an hour to settle their mean is known to some 2e-5.
 *
 * @param model of parts that do not influence one another
 * @param sources one for each part that fails
 * @returns why not, in words
 */
export function agingOf(model: PartModel, sources: readonly Source[], settle: number): Aging | string {
  const compiled = compileModel(model)
  const hazards: Hazard[] = []
  for (const { index } of sources) {
    const { failure, group } = compiled.groups[compiled.groupOf[index]!]!
    const hazard = hazardOf(failure!.of)
    if (hazard === null) return `failures of ${group.name} are ${failure!.of.kind}: their hazard is not to be raised`
    hazards.push(hazard)
  }
  const parts = sources.map(({ index }) => index)
  return {
    hazards,
    lasting:
      settle === 0
        ? 1
        : lastingOf(
            hazards,
            new Course(compiled, parts, new RandomStreams('length of cycles', 0).stream('course')),
            settle,
          ),
    ages: (random, count) => {
      const course = new Course(compiled, parts, random)
      for (let passed = 0; passed < PASSED; passed++) course.end(settle)
      return Array.from({ length: count }, () => course.end(settle))
    },
  }
}

function lastingOf(hazards: readonly Hazard[], course: Course, settle: number): number {
  let sum = 0
  for (let entry = 0; entry < ENTRIES_LOOKED_AT; entry++) {
    const ages = course.entry()
    const gathered = hazards.reduce(
      (all, { cumulative }, i) => all + cumulative(ages[i]! + settle) - cumulative(ages[i]!),
      0,
    )
    sum += Math.exp(-gathered)
  }
  return sum / ENTRIES_LOOKED_AT
}

/** A course of parts that fail and are repaired. */
class Course {
  readonly #compiled: CompiledModel
  readonly #parts: readonly number[]
  readonly #random: Random
  #now = 0
  readonly #nextAt: Float64Array
  readonly #newAt: Float64Array
  readonly #isUp: Uint8Array
  #down = 0

  constructor(compiled: CompiledModel, parts: readonly number[], random: Random) {
    this.#compiled = compiled
    this.#parts = parts
    this.#random = random
    this.#nextAt = new Float64Array(parts.length)
    this.#newAt = new Float64Array(parts.length)
    this.#isUp = new Uint8Array(parts.length)
    parts.forEach((_, i) => {
      this.#begin(i)
    })
  }

  /** Goes on until everything is up once more. @returns the ages then */
  entry(): Float64Array {
    let first: number
    do {
      first = this.#first()
      this.#now = this.#nextAt[first]!
      this.#turn(first)
    } while (this.#down > 0 || this.#isUp[first] === 0)
    return this.#newAt.map((newAt) => this.#now - newAt)
  }

  /** Goes on until everything has been up for so long. @returns the ages then */
  end(settle: number): Float64Array {
    for (;;) {
      const ages = this.entry()
      if (this.#nextAt[this.#first()]! >= this.#now + settle) return ages.map((age) => age + settle)
    }
  }

  /** In the long run: up or down by their shares, somewhere in a time found by its length. */
  #begin(i: number): void {
    const { failure, repair, upShare } = this.#lawsOf(i)
    const isUp = this.#random.next() < upShare
    const whole = lengthBiasedSamplerOf(isUp ? failure!.of : repair!.of)(this.#random)
    const gone = whole * this.#random.next()
    this.#isUp[i] = isUp ? 1 : 0
    if (!isUp) this.#down++
    this.#newAt[i] = -gone
    this.#nextAt[i] = whole - gone
  }

  #turn(i: number): void {
    const { failure, repair } = this.#lawsOf(i)
    const isUp = this.#isUp[i] === 0
    this.#isUp[i] = isUp ? 1 : 0
    this.#down += isUp ? -1 : 1
    if (isUp) this.#newAt[i] = this.#now
    this.#nextAt[i] = this.#now + (isUp ? failure! : repair!).draw(this.#random)
  }

  #lawsOf(i: number) {
    return this.#compiled.groups[this.#compiled.groupOf[this.#parts[i]!]!]!
  }

  #first(): number {
    let first = 0
    for (let i = 1; i < this.#nextAt.length; i++) if (this.#nextAt[i]! < this.#nextAt[first]!) first = i
    return first
  }
}
