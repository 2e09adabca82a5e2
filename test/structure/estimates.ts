import { HOUR } from '../../src/base/units.ts'
import type { RunConfig } from '../../src/experiment/config.ts'
import { replicateParts } from '../../src/experiment/replicate-parts.ts'
import type { ServiceSample } from '../../src/observe/sample-types.ts'
import type { PartModel } from '../../src/structure/model.ts'
import { experiment } from './models.ts'

/** A mean over replications with its standard error. */
export interface Mean {
  readonly mean: number
  readonly error: number
  readonly n: number
}

export function meanOver(values: readonly number[]): Mean {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  return { mean, error: Math.sqrt(variance / n), n }
}

/** A quotient of sums over replications, with its standard error by the delta method. */
export function ratioOver(pairs: readonly (readonly [number, number])[]): Mean {
  const top = pairs.reduce((sum, pair) => sum + pair[0], 0)
  const bottom = pairs.reduce((sum, pair) => sum + pair[1], 0)
  const ratio = top / bottom
  const squares = pairs.reduce((sum, pair) => sum + (pair[0] - ratio * pair[1]) ** 2, 0)
  return { mean: ratio, error: Math.sqrt(squares) / bottom, n: pairs.length }
}

/** What replications of one service say, in the units of the reference values: hours and years of 8760 h. */
export function estimatesOf(samples: readonly ServiceSample[], horizonMs: number) {
  const years = horizonMs / (8760 * HOUR)
  return {
    unavailability: meanOver(samples.map((sample) => sample.lostMs / horizonMs)),
    outagesPerYear: meanOver(samples.map((sample) => sample.outages / years)),
    outageHours: ratioOver(
      samples.map((sample) => [sample.outageMs.reduce((sum, ms) => sum + ms, 0) / HOUR, sample.outages]),
    ),
    noOutage: meanOver(samples.map((sample) => (sample.firstOutageMs < 0 ? 1 : 0))),
    /** Exposure per first outage: unbiased only where first outages come at a constant rate. */
    firstOutageHours: ratioOver(
      samples.map((sample) => [
        (sample.firstOutageMs < 0 ? horizonMs : sample.firstOutageMs) / HOUR,
        sample.firstOutageMs < 0 ? 0 : 1,
      ]),
    ),
  }
}

/** Runs replications of a model and returns the samples of each service. */
export function runModel(parts: PartModel, replications: number, run: Partial<RunConfig>, seed = 'test') {
  const config = experiment(parts, run, seed)
  const services: ServiceSample[][] = parts.services.map(() => [])
  for (let replication = 0; replication < replications; replication++) {
    const sample = replicateParts(config, 0, replication)
    sample.services.forEach((service, index) => {
      services[index]!.push(service)
    })
  }
  return services
}
