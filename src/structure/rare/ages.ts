import { type Distribution, lengthBiasedSamplerOf, meanOf } from '../../engine/distribution.ts'
import { type Hazard, hazardOf } from '../../engine/hazard.ts'
import type { Random } from '../../engine/random.ts'
import { residualSurvivalAt, type ScoreFunctions, scoresOf } from '../../engine/score.ts'
import { survivalAt } from '../../engine/survival.ts'
import { compileModel } from '../compile.ts'
import type { PartModel } from '../model.ts'
import type { Source } from './sources.ts'

/** What cycles of parts with a memory are begun with: how old each is when one ends, in the long run. */
export interface Aging {
  readonly hazards: readonly Hazard[]
  /** Ends of cycles per millisecond of everything up. */
  readonly ends: number
  /** By source: the derivative of the logarithm of these to that of its mean life. */
  readonly endScores: Float64Array
  /** Ages of all sources (ms) at the end of some cycle. */
  ages(random: Random): Float64Array
}

/**
 * Cycles of parts whose lives have a memory, and which do not influence one another: renewal processes side by side. A time
 * of everything up begins with the repair of a part j, at a rate of 1 / mⱼ for each moment of everything up, the others being
 * as old as stationary lives are; it lasts with the probability that none ends: Sⱼ(settle) ∏ Gᵢ(settle), S being the survival
 * function of a life and G that of what is left of a stationary one. So cycles end at a rate of Σⱼ (1 / mⱼ) Sⱼ ∏ Gᵢ, exactly.
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
  const laws = sources.map(({ index }) => compiled.groups[compiled.groupOf[index]!]!.failure!.of)
  const scores = laws.map(scoresOf)
  const terms = termsOf(laws, settle)
  const lives = laws.map(lengthBiasedSamplerOf)
  return {
    hazards,
    ends: terms.reduce((sum, term) => sum + term, 0),
    endScores: endScoresOf(terms, scores, settle),
    ages: (random) => agesAtEnd(lives, terms, settle, random),
  }
}

/** The part that the time of everything up began with is as old as that time, the others as old as stationary lives. */
function agesAtEnd(
  lives: readonly ((random: Random) => number)[],
  terms: readonly number[],
  settle: number,
  random: Random,
): Float64Array {
  const total = terms.reduce((sum, term) => sum + term, 0)
  let left = random.next() * total
  let youngest = 0
  for (; youngest < terms.length - 1; youngest++) {
    left -= terms[youngest]!
    if (left < 0) break
  }
  return Float64Array.from(lives, (whole, i) => {
    if (i === youngest) return settle
    for (;;) {
      const age = whole(random) * random.next()
      if (age >= settle) return age
    }
  })
}

/** By the part that a time of everything up begins with: the rate of such times that last. */
function termsOf(laws: readonly Distribution[], settle: number): readonly number[] {
  const left = laws.map((of) => (settle === 0 ? 1 : residualSurvivalAt(of, settle)))
  return laws.map((of, j) =>
    left.reduce((product, one, i) => (i === j ? product : product * one), survivalAt(of, settle) / meanOf(of)),
  )
}

/** Of its own term a life tells by its mean and by having lasted, of all others by what was left of it. */
function endScoresOf(terms: readonly number[], scores: readonly ScoreFunctions[], settle: number): Float64Array {
  const total = terms.reduce((sum, term) => sum + term, 0)
  return Float64Array.from(terms, (term, i) => {
    const own = term / total
    if (settle === 0) return -own
    return own * (scores[i]!.running(settle) - 1) + (1 - own) * scores[i]!.residualRunning(settle)
  })
}
