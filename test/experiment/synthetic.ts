import { MONTH, YEAR } from '../../src/base/units.ts'
import { type Random, randomFrom } from '../../src/engine/random.ts'
import type { ExperimentConfig, RunConfig } from '../../src/experiment/config.ts'
import type { Sample, ServiceSample } from '../../src/experiment/sample.ts'

/** An experiment without a model behind it: its samples are made by {@link syntheticSample}. */
export function syntheticConfig(
  run: Partial<RunConfig> = {},
  variants: readonly string[] = ['three', 'five'],
  slo: number | null = 0.9995,
): ExperimentConfig {
  return {
    name: 'synthetic',
    question: null,
    seed: 'synthetic',
    services: [
      { name: 'write', deadline: 1000, slo },
      { name: 'read', deadline: 1000, slo: null },
    ],
    run: {
      solver: 'simulate',
      uncertain: [],
      sensitivity: null,
      asksForSample: true,
      start: 'all-up',
      horizon: YEAR,
      precision: null,
      replications: null,
      maxYears: null,
      at: [YEAR / 2],
      faults: null,
      random: true,
      skip: true,
      maxEvents: 1e6,
      ...run,
    },
    variants: variants.map((id, i) => ({
      id,
      model: { kind: 'cluster', cluster: {} as never },
      costPerMonth: 630 + 210 * i,
      document: { name: id },
    })),
  }
}

export interface Law {
  /** Outages in a horizon, on average. */
  readonly rate: number
  /** Median and log-sigma of their lengths, ms. */
  readonly median: number
  readonly sigma: number
}

/** Mean of a lognormal length in ms. */
export function meanLength(law: Law): number {
  return law.median * Math.exp(law.sigma ** 2 / 2)
}

export function poisson(random: Random, mean: number): number {
  let k = 0
  let p = Math.exp(-mean)
  for (let sum = p, u = random.next(); u > sum && k < 10_000; sum += p) {
    k += 1
    p *= mean / k
  }
  return k
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

/**
 * A replication of compound-Poisson losses: the first variant keeps every outage, variant v every (v + 1)-th, so that
 * variants are paired as common random numbers pair them.
 */
export function syntheticSample(config: ExperimentConfig, variantIndex: number, replication: number, law: Law): Sample {
  const random = randomFrom(`${config.seed}/${replication}`)
  const count = poisson(random, law.rate)
  const all = Array.from({ length: count }, () => ({
    from: random.next() * config.run.horizon,
    ms: Math.round(law.median * Math.exp(law.sigma * normal(random))),
  }))
  const kept = all.filter((_, i) => i % (variantIndex + 1) === 0).sort((a, b) => a.from - b.from)
  const service = serviceOf(config, kept)
  return {
    replication,
    horizonMs: config.run.horizon,
    services: config.services.map(() => service),
    transitions: { 'etcd.elected': kept.map((outage) => outage.ms) },
    worst: [...kept]
      .map((outage, ordinal) => ({ ...outage, ordinal }))
      .sort((a, b) => b.ms - a.ms)
      .slice(0, 5)
      .map(({ from, ms, ordinal }) => ({
        service: 0,
        ordinal,
        fromMs: from,
        ms,
        cause: 'node',
        mechanism: 'quorum-lost',
      })),
    events: 10 + count,
  }
}

function serviceOf(config: ExperimentConfig, outages: readonly { from: number; ms: number }[]): ServiceSample {
  const lost = outages.reduce((sum, outage) => sum + outage.ms, 0)
  const first = outages[0]
  return {
    lostMs: lost,
    downMs: lost,
    degradedMs: 0,
    outages: outages.length,
    outageMs: Float64Array.from(outages, (outage) => outage.ms),
    firstOutageMs: first === undefined ? -1 : first.from,
    at: config.run.at.map((at) => ({
      down: outages.some((o) => o.from <= at && at < o.from + o.ms),
      hadOutage: outages.some((o) => o.from <= at),
      lostMs: outages.filter((o) => o.from + o.ms <= at).reduce((sum, o) => sum + o.ms, 0),
    })),
    mechanisms:
      lost === 0 ? {} : { election: lost / 3, 'quorum-lost': lost / 3, 'health-check': lost - 2 * (lost / 3) },
    causes: lost === 0 ? {} : { node: lost / 7, zone: lost - lost / 7 },
    monthLostMs: Float64Array.from({ length: Math.floor(config.run.horizon / MONTH) }, (_, i) =>
      outages.filter((o) => Math.floor(o.from / MONTH) === i).reduce((sum, o) => sum + o.ms, 0),
    ),
    structureLostMs: lost / 2,
  }
}
