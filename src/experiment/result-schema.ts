import { z } from 'zod'

// Keys may be added within `@1`: objects are open.
const open = z.looseObject
const seconds = z.number().min(0)
const share = z.number().min(0).max(1)

const estimate = open({
  mean: z.number(),
  lo: z.number(),
  hi: z.number().nullable().describe('null: no upper bound.'),
  level: share.describe('Confidence level, such as 0.95.'),
  n: z.number().describe('What the estimate is made from, in the unit its method names.'),
  method: z.string().describe('How the interval was made; one-sided bounds say so.'),
}).describe('A number with its uncertainty.')

const quantile = open({ value: z.number(), lo: z.number(), hi: z.number().nullable() })

const outageSeconds = open({
  mean: estimate.nullable(),
  p50: quantile.nullable(),
  p90: quantile.nullable(),
  p99: quantile.nullable(),
  max: seconds.nullable(),
}).describe('Lengths of outages; null: none seen.')

const service = open({
  unavailability: estimate.describe('Time average of one minus the share of requests that succeed.'),
  lostSecondsPerYear: estimate,
  downtimeSecondsPerYear: estimate.describe('Time in outages: less than half of the requests succeed.'),
  degradedSecondsPerYear: estimate.describe('Time in which most requests succeed, but not all.'),
  outagesPerYear: estimate,
  outageSeconds,
  noOutageInHorizon: estimate.describe('Probability of a horizon without outage.'),
  firstOutageSeconds: estimate.nullable(),
  outageCurve: z.array(open({ seconds, share })).describe('Shares of the outages at most this long.'),
  at: z.array(open({ seconds, down: estimate, hadOutage: estimate, lostSeconds: estimate })),
  exact: z.unknown().nullable(),
  structure: open({ unavailability: estimate }).nullable().describe('The part-only answer beside a protocol run.'),
  mechanisms: z.array(open({ mechanism: z.string(), secondsPerYear: seconds })),
  causes: z.array(open({ cause: z.string(), secondsPerYear: seconds })),
  slo: open({ target: share, met: z.boolean(), probabilityOfMissInAMonth: share.nullable() }).nullable(),
})

const milliseconds = z.number()
const transition = open({
  n: z.number(),
  p10: milliseconds,
  p25: milliseconds,
  p50: milliseconds,
  p75: milliseconds,
  p90: milliseconds,
  p99: milliseconds,
  mean: milliseconds,
  min: milliseconds,
  max: milliseconds,
}).describe('Milliseconds since the fault that set it off.')

const worstOutage = open({
  id: z.string().describe('variant/replication/ordinal, as `hasim trace --outage` takes it.'),
  service: z.string(),
  fromSeconds: z.number(),
  seconds,
  cause: z.string(),
  mechanism: z.string(),
})

const variant = open({
  id: z.string(),
  config: z.unknown().describe('The total model, enough to run again.'),
  solver: z.string(),
  replications: z.number(),
  simulatedYears: z.number(),
  stopReason: z.enum(['precision', 'replications', 'max-years', 'interrupted']),
  cost: open({ perMonth: z.number() }).nullable(),
  services: z.record(z.string(), service),
  transitions: z.record(z.string(), transition),
  worstOutages: z.array(worstOutage),
})

const comparison = open({
  service: z.string(),
  baseline: z.string(),
  variant: z.string(),
  lostSecondsPerYear: estimate.describe('Variant minus baseline, paired by replication.'),
  ratio: estimate.nullable(),
})

/** The result file as a schema: for `hasim schema`, and to tell a result from any other JSON. */
export const resultSchema = open({
  schema: z.literal('hasim/result@1'),
  hasim: z.string().describe('Version that wrote it.'),
  experiment: z.string(),
  question: z.string().nullable(),
  seed: z.string(),
  variants: z.array(variant).min(1),
  comparisons: z.array(comparison),
  verdict: z.string(),
  run: open({
    wallSeconds: z.number(),
    cpuSeconds: z.number(),
    events: z.number(),
    workers: z.number(),
    partial: z.boolean().describe('Interrupted: what was finished counts.'),
    file: z.string().optional(),
  }).describe('All else is the same, byte for byte, for the same version, input and seed.'),
}).describe('A result of hasim. Durations in seconds, years of 365.25 d.')
