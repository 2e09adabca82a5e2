import { samplerOf } from '../engine/distribution.ts'
import { RandomStreams } from '../engine/random.ts'
import { meanOfInput, withMean } from '../structure/exact/sensitivity.ts'
import { longRunUnavailability, unavailabilityFromAllUp } from '../structure/exact/solve.ts'
import type { PartModel } from '../structure/model.ts'
import type { ExperimentConfig, VariantConfig } from './config.ts'
import type { ServiceResult } from './result.ts'

/** Draws of the uncertain inputs. The quantiles they give stray by one or two percent of probability. */
const DRAWS = 1000

/**
 * The answer's second interval: what it would be if the inputs that are known by a distribution only were drawn from
 * it, each by itself. The means move, shapes stay. Every draw is solved exactly, whatever solver answers for the means
 * themselves, so nothing but the inputs scatters; variants share their draws. Null where there is no exact answer.
 */
export function uncertaintyOf(
  { run, seed }: ExperimentConfig,
  { model }: VariantConfig,
  service: string,
): Pick<ServiceResult, 'inputUncertainty'> {
  if (run.uncertain.length === 0 || model.kind !== 'parts') return {}
  const values: number[] = []
  for (let draw = 0; draw < DRAWS; draw++) {
    const streams = new RandomStreams(seed, draw)
    let drawn: PartModel = model.parts
    for (const { input, group, which, of } of run.uncertain) {
      const g = model.parts.groups.findIndex(({ name }) => name === group)
      const mean = samplerOf(of)(streams.stream(`uncertain/${input}`))
      drawn = withMean(drawn, g, which, mean / meanOfInput(model.parts.groups[g]!, which))
    }
    const value =
      run.start === 'steady'
        ? longRunUnavailability(drawn, service)
        : unavailabilityFromAllUp(drawn, service, run.horizon)
    if (value === null) return { inputUncertainty: null }
    values.push(value)
  }
  values.sort((a, b) => a - b)
  const at = (p: number) => values[Math.min(DRAWS - 1, Math.floor(p * DRAWS))]!
  return { inputUncertainty: { draws: DRAWS, p2_5: at(0.025), p50: at(0.5), p97_5: at(0.975) } }
}
