import { HOUR } from '../base/units.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import { replicateParts } from '../experiment/replicate-parts.ts'
import { addTo, newMoments, standardErrorOf } from '../stats/moments.ts'
import type { PartModel } from '../structure/model.ts'

/** A mean over replications and its standard error. */
export interface Simulated {
  readonly mean: number
  readonly error: number
}

/** The share of time a service is down, simulated event by event. */
export function simulatedUnavailability(
  parts: PartModel,
  service: string,
  seed: string,
  replications: number,
  horizonHours: number,
): Simulated {
  const config: ExperimentConfig = {
    name: seed,
    question: null,
    seed,
    services: [{ name: service, deadline: 1000, slo: null }],
    run: {
      solver: 'simulate',
      uncertain: [],
      sensitivity: null,
      start: 'steady',
      horizon: horizonHours * HOUR,
      precision: null,
      replications,
      maxYears: null,
      asksForSample: true,
      at: [],
      faults: null,
      random: true,
      skip: true,
      maxEvents: 1e9,
    },
    variants: [{ id: 'base', model: { kind: 'parts', parts }, costPerMonth: null, document: {} }],
  }
  const shares = newMoments()
  for (let replication = 0; replication < replications; replication++) {
    addTo(shares, replicateParts(config, 0, replication).services[0]!.lostMs / config.run.horizon)
  }
  return { mean: shares.mean, error: standardErrorOf(shares) }
}
