import { lengthBiasedSamplerOf } from '../../engine/distribution.ts'
import { type Hazard, hazardOf } from '../../engine/hazard.ts'
import { type Random, RandomStreams } from '../../engine/random.ts'
import { type CompiledModel, compileModel } from '../compile.ts'
import { isFlat } from '../flat-system.ts'
import type { PartModel } from '../model.ts'
import type { Source } from './sources.ts'

/** Ends of cycles that are passed before one is taken: time has begun at any time, not at the end of a cycle. */
const PASSED = 4
/** Ends of cycles from which their share is found: it is then known to some 2e-5. */
const ENDS_LOOKED_AT = 4_000
/** Failures and repairs in which so many ends must come. */
const TURNS_MAX = 4_000_000

/** What cycles of parts with a memory are begun with: how old each is when one ends, in the long run. */
export interface Aging {
  readonly hazards: readonly Hazard[]
  /** Ends of cycles per millisecond. */
  readonly frequency: number
  /** Ages of all sources (ms) at so many ends of cycles, one after the other. */
  ages(random: Random, count: number): Float64Array[]
}

/**
 * Cycles of parts whose lives have a memory, and which do not influence one another: renewal processes side by side. Times of
 * everything up begin at the frequency Σ 1 / (MTTFᵢ + MTTRᵢ) Π over the others of MTTFⱼ / (MTTFⱼ + MTTRⱼ), exactly; the share
 * of them that lasts for `settle` is found from a course of the parts alone, once.
 *
 * @param sources one for each part that fails
 * @returns why not, in words
 */
export function agingOf(model: PartModel, sources: readonly Source[], settle: number): Aging | string {
  if (!isFlat(model)) return 'failures have a memory, and parts influence one another'
  const compiled = compileModel(model)
  const hazards: Hazard[] = []
  for (const { index } of sources) {
    const { failure, group } = compiled.groups[compiled.groupOf[index]!]!
    const hazard = hazardOf(failure!.of)
    if (hazard === null) return `failures of ${group.name} are ${failure!.of.kind}: their hazard is not to be raised`
    hazards.push(hazard)
  }
  const parts = sources.map(({ index }) => index)
  const entries = allUpEntries(sources)
  const course = new Course(compiled, parts, settle, new RandomStreams('length of cycles', 0).stream('course'))
  while (course.ends < ENDS_LOOKED_AT) {
    if (course.turns > TURNS_MAX) return 'everything is hardly ever up for as long as protocols take to settle'
    course.step()
  }
  return {
    hazards,
    frequency: entries * (course.ends / course.entries),
    ages: (random, count) => {
      const own = new Course(compiled, parts, settle, random)
      for (let passed = 0; passed < PASSED; passed++) own.next()
      return Array.from({ length: count }, () => own.next())
    },
  }
}

function allUpEntries(sources: readonly Source[]): number {
  const up = ({ rate, repair }: Source) => 1 / (1 + rate * repair)
  const allUp = sources.reduce((product, source) => product * up(source), 1)
  return sources.reduce((sum, source) => sum + source.rate * allUp, 0)
}

/** A course of parts that fail and are repaired, from one end of a cycle to the next. */
class Course {
  /** Times of everything up that have begun, and those that lasted. */
  entries = 0
  ends = 0
  turns = 0
  readonly #compiled: CompiledModel
  readonly #parts: readonly number[]
  readonly #settle: number
  readonly #random: Random
  #now = 0
  readonly #nextAt: Float64Array
  readonly #newAt: Float64Array
  readonly #isUp: Uint8Array
  #down = 0

  constructor(compiled: CompiledModel, parts: readonly number[], settle: number, random: Random) {
    this.#compiled = compiled
    this.#parts = parts
    this.#settle = settle
    this.#random = random
    this.#nextAt = new Float64Array(parts.length)
    this.#newAt = new Float64Array(parts.length)
    this.#isUp = new Uint8Array(parts.length)
    parts.forEach((_, i) => {
      this.#begin(i)
    })
  }

  /** Goes on to the next end of a cycle. @returns the ages then */
  next(): Float64Array {
    while (!this.step()) {
      // Something is down, or was not up for long enough.
    }
    const end = this.#now + this.#settle
    return this.#newAt.map((newAt) => end - newAt)
  }

  /** One failure or repair. @returns whether a cycle ends after it */
  step(): boolean {
    this.turns++
    const first = this.#first()
    this.#now = this.#nextAt[first]!
    this.#turn(first)
    if (this.#down > 0 || this.#isUp[first] === 0) return false
    this.entries++
    if (this.#nextAt[this.#first()]! < this.#now + this.#settle) return false
    this.ends++
    return true
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
