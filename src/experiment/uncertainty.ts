import { SECONDS_PER_YEAR } from '../base/units.ts'
import { probabilityInterval } from '../stats/count.ts'
import type { ExperimentConfig } from './config.ts'
import { inputDrawsOf } from './input-draws.ts'
import type { Comparison, DrawnQuantiles, Estimate, ServiceResult, Slo } from './result.ts'

/**
 * The answer's second interval: what it would be for all that is known of the inputs. The means move, shapes stay, whatever
 * solver answers for the means themselves.
 */
export function withUncertainty(
  config: ExperimentConfig,
  variant: number,
  service: number,
  result: ServiceResult,
): ServiceResult {
  const losses = inputDrawsOf(config).lossesOf(variant, service)
  if (losses === undefined) return result
  if (losses === null) return { ...result, inputUncertainty: null }
  const { slo } = result
  return {
    ...result,
    inputUncertainty: { draws: losses.length, ...quantiles(losses) },
    slo: slo === null ? null : { ...slo, metInDraws: metIn(losses, slo) },
  }
}

/** As the objective is judged for the means. */
function metIn(losses: readonly number[], { target }: Slo): Estimate {
  return shareOf(losses, (loss) => loss <= 1 - target)
}

/** Losses that differ by less than this, relative, are one: that is rounding. */
const SAME = 1e-9

/** How a variant compares with another in each of the same draws. */
export function comparedUncertainty(
  config: ExperimentConfig,
  service: number,
  baseline: number,
  variant: number,
): Pick<Comparison, 'inputUncertainty'> {
  const draws = inputDrawsOf(config)
  const [a, b] = [draws.lossesOf(baseline, service), draws.lossesOf(variant, service)]
  if (a === undefined || b === undefined) return {}
  if (a === null || b === null) return { inputUncertainty: null }
  const changes = b.map((loss, draw) => (Math.abs(loss - a[draw]!) <= SAME * a[draw]! ? 0 : loss - a[draw]!))
  const ratios = changes.map((change, draw) => (change === 0 ? 1 : b[draw]! / a[draw]!))
  return {
    inputUncertainty: {
      draws: changes.length,
      lostSecondsPerYear: quantiles(changes.map((change) => change * SECONDS_PER_YEAR)),
      ratio: ratios.every(Number.isFinite) ? quantiles(ratios) : null,
      better: shareOf(changes, (change) => change < 0),
      worse: shareOf(changes, (change) => change > 0),
    },
  }
}

function shareOf(values: readonly number[], is: (value: number) => boolean): Estimate {
  return probabilityInterval(values.filter(is).length, values.length)
}

function quantiles(values: readonly number[]): DrawnQuantiles {
  const { length } = values
  const sorted = [...values].sort((a, b) => a - b)
  const at = (p: number) => sorted[Math.min(length - 1, Math.floor(p * length))]!
  return { p2_5: at(0.025), p50: at(0.5), p97_5: at(0.975) }
}
