import { oncePer } from '../../base/once-per.ts'
import { compileModel } from '../compile.ts'
import { elasticities } from '../exact/sensitivity.ts'
import type { PartModel } from '../model.ts'
import { type ScoreOpening, scoredInputs } from '../system-scores.ts'
import { type CyclePlan, EVERYTHING, withEverything } from './cycle-plan.ts'
import type { Source } from './sources.ts'
import { FIRST_AT, type Walk } from './walk.ts'

/**
 * Derivatives of lived cycles by likelihood ratio. Cycles have the mean length L = 1 / (P Z), P being the share of time with
 * everything up and Z the rate of ends of cycles in it, and a service that loses D in a cycle of weight W has U = E[W D] / L,
 * so
 *
 *     d ln U = E[W D S] / E[W D] + d ln P + d ln Z,
 *
 * S being the score of all that is drawn in a cycle: which source strikes first, when others strike, how long repairs take;
 * and, where lives have a memory, of the ages that a cycle begins with. All of P and Z is exact.
 */
interface Moves {
  /** By input, in the order of `scoredInputs`: d ln Z / d ln mean. */
  readonly ends: Float64Array
  /** By source: its input. */
  readonly inputOf: readonly number[]
}

const movesOf = oncePer(({ model, sources, rate, settle, aging }: CyclePlan): Moves => {
  const inputs = scoredInputs(model)
  const groups = sources.map((source) => groupOf(model, source))
  const inputOf = groups.map((group) => inputs.findIndex((one) => one.group === group && one.of === 'every'))
  const ends = new Float64Array(inputs.length)
  sources.forEach((source, i) => {
    ends[inputOf[i]!]! += aging === null ? source.rate * (settle - 1 / rate) : aging.endScores[i]!
  })
  return { ends, inputOf }
})

function groupOf(model: PartModel, { kind, index }: Source): number {
  return kind === 'part' ? compileModel(model).groupOf[index]! : model.commonCauses[index]!.group
}

/** What the scores of a walked cycle begin with, at time 0, when it is lived through. */
export function openingOf(plan: CyclePlan, walk: Walk): ScoreOpening {
  const { model, sources, rate, aging } = plan
  const { ends, inputOf } = movesOf(plan)
  const booked = new Float64Array(ends.length)
  if (aging === null || walk.ages === null) {
    // Who strikes first, with the probability rate / Λ; the time until then is not drawn, and no clock is to count it.
    sources.forEach((source, i) => {
      booked[inputOf[i]!]! += source.rate * (1 / rate - FIRST_AT)
    })
    return { booked, ages: null }
  }
  // The ages b at the beginning have the density ∏ (1 / mᵢ) Sᵢ(bᵢ) / Z; the clocks go on from there, as if from birth.
  inputOf.forEach((input) => {
    booked[input]! -= 1
  })
  ends.forEach((score, input) => {
    booked[input]! -= score
  })
  const ages = new Float64Array(compileModel(model).groupOf.length)
  sources.forEach(({ index }, i) => {
    ages[index] = walk.ages![i]! - FIRST_AT
  })
  return { booked, ages }
}

/** By input, in the order of `scoredInputs`: d ln L / d ln mean, exactly; null: it cannot be had. */
export const lengthMoves: (plan: CyclePlan) => Float64Array | null = oncePer((plan) => {
  const { model, allUp } = plan
  const down = elasticities(withEverything(model), EVERYTHING)
  if (down === null) return null
  const { ends } = movesOf(plan)
  return Float64Array.from(scoredInputs(model), ({ input }, i) => {
    const moved = down.find((one) => one.input === input)?.elasticity ?? 0
    return (moved * (1 - allUp)) / allUp - ends[i]!
  })
})
