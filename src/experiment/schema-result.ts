import { z } from 'zod'

/** Keys may be added within `@1`, so unknown ones are let through. */
const estimate = z
  .looseObject({
    mean: z.number(),
    lo: z.number(),
    hi: z.number().nullable().describe('null: a one-sided bound'),
    level: z.number(),
    n: z.number(),
    method: z.string(),
  })
  .meta({ id: 'estimate', description: 'A number with its confidence interval.' })

const quantile = z
  .looseObject({ value: z.number(), lo: z.number(), hi: z.number().nullable() })
  .meta({ id: 'quantile', description: 'A quantile with its confidence interval.' })

const drawnQuantiles = z.looseObject({ p2_5: z.number(), p50: z.number(), p97_5: z.number() })

const atInstant = z.looseObject({
  seconds: z.number(),
  down: estimate.describe('Probability that the service is down at this instant.'),
  hadOutage: estimate.describe('Probability that an outage began by this instant.'),
  lostSeconds: estimate.describe('Lost time up to this instant.'),
})

const service = z.looseObject({
  unavailability: estimate,
  lostSecondsPerYear: estimate,
  downtimeSecondsPerYear: estimate.describe('Time in outages: less than half of the requests succeed.'),
  degradedSecondsPerYear: estimate.describe('Time in which some, but less than half, of the requests fail.'),
  outagesPerYear: estimate,
  outageSeconds: z.looseObject({
    mean: estimate.nullable(),
    p50: quantile.nullable(),
    p90: quantile.nullable(),
    p99: quantile.nullable(),
    max: z.number().nullable(),
  }),
  noOutageInHorizon: estimate.nullable().describe('Probability of a horizon without outage.'),
  firstOutageSeconds: estimate.nullable(),
  outageCurve: z.array(z.looseObject({ seconds: z.number(), share: z.number() })),
  at: z.array(atInstant),
  exact: z
    .looseObject({
      unavailability: z.number(),
      outagesPerYear: z.number(),
      meanOutageSeconds: z.number().nullable(),
      firstOutageSeconds: z.number().nullable(),
      at: z.array(
        z.looseObject({ seconds: z.number(), down: z.number(), hadOutage: z.number(), lostSeconds: z.number() }),
      ),
      z: z.number().nullable().describe('(estimate − exact) / standard error.'),
      method: z.string(),
    })
    .nullable()
    .describe('Exact values, where the service can be solved without fitted laws; null elsewhere.'),
  rare: z
    .looseObject({
      cycles: z.number(),
      states: z.number().nullable(),
      workNormalisedVariance: z.looseObject({ rare: z.number(), naive: z.number() }),
    })
    .optional()
    .describe('How rare outages were found.'),
  sensitivity: z
    .looseObject({
      elasticities: z.array(
        z.looseObject({
          input: z.string(),
          elasticity: z.number().nullable().describe('d ln U / d ln mean; null: not known, see `why`.'),
          estimate: estimate
            .optional()
            .describe('Where it is estimated, from replications or biased cycles: the same with its interval.'),
          why: z.string().optional(),
        }),
      ),
      importance: z
        .array(
          z.looseObject({
            part: z.string(),
            birnbaum: z.number(),
            criticality: z.number(),
            fussellVesely: z.number(),
            riskAchievement: z.number(),
          }),
        )
        .nullable(),
    })
    .optional()
    .describe('What moves the long-run unavailability: exact where it can be solved, else estimated.'),
  inputUncertainty: drawnQuantiles
    .extend({ draws: z.number() })
    .nullish()
    .describe('Quantiles of the unavailability over draws of the uncertain inputs; null without an exact answer.'),
  structure: z
    .looseObject({ unavailability: estimate })
    .nullable()
    .describe('The part-only answer beside a protocol run.'),
  mechanisms: z.array(z.looseObject({ mechanism: z.string(), secondsPerYear: z.number() })),
  causes: z.array(z.looseObject({ cause: z.string(), secondsPerYear: z.number() })),
  slo: z
    .looseObject({
      target: z.number(),
      met: z.boolean(),
      probabilityOfMissInAMonth: z.number().nullable().describe('As missInAMonth, without its interval.'),
      missInAMonth: estimate.nullish().describe('Probability that a month loses more than 1 - target of it.'),
      missInHorizon: estimate
        .nullish()
        .describe("Probability that more than 1 - target of the horizon is lost, from the run's own start."),
      horizonSeconds: z.number().optional(),
      metInDraws: estimate.optional().describe('Share of the draws of uncertain inputs in which the objective is met.'),
    })
    .nullable(),
})

const transition = z
  .looseObject({
    n: z.number(),
    p10: z.number(),
    p25: z.number(),
    p50: z.number(),
    p75: z.number(),
    p90: z.number(),
    p99: z.number(),
    mean: z.number(),
    min: z.number(),
    max: z.number(),
  })
  .describe('Milliseconds since the fault that set it off.')

const variant = z.looseObject({
  id: z.string(),
  config: z.unknown().describe('The total model, enough to run again.'),
  solver: z.string(),
  solverReason: z.string().optional().describe('Why this solver.'),
  replications: z.number(),
  simulatedYears: z.number(),
  stopReason: z.enum(['precision', 'replications', 'max-years', 'interrupted', 'exact']),
  cost: z.looseObject({ perMonth: z.number() }).nullable(),
  services: z.record(z.string(), service),
  transitions: z.record(z.string(), transition),
  worstOutages: z.array(
    z.looseObject({
      id: z
        .string()
        .describe('variant/replication/number, as `hasim trace --outage` takes it; the number tells the service, too.'),
      service: z.string(),
      fromSeconds: z.number(),
      seconds: z.number(),
      cause: z.string(),
      mechanism: z.string(),
    }),
  ),
})

/** The result file `hasim/result@1`. Durations in seconds, except transitions (ms); years of 365.25 d. */
export const resultSchema = z.looseObject({
  schema: z.literal('hasim/result@1'),
  hasim: z.string().describe('Version that made it.'),
  experiment: z.string(),
  question: z.string().nullable(),
  seed: z.string(),
  played: z
    .looseObject({ plan: z.string(), horizonSeconds: z.number() })
    .nullish()
    .describe('The fault plan played once in every replication; null where failures happen by chance.'),
  variants: z.array(variant),
  comparisons: z.array(
    z.looseObject({
      service: z.string(),
      baseline: z.string(),
      variant: z.string(),
      lostSecondsPerYear: estimate,
      ratio: estimate.nullable(),
      inputUncertainty: z
        .looseObject({
          draws: z.number(),
          lostSecondsPerYear: drawnQuantiles,
          ratio: drawnQuantiles.nullable(),
          better: estimate.describe('Share of the draws in which the variant loses less than the baseline.'),
          worse: estimate,
        })
        .nullish()
        .describe('Both variants in the same draws of their uncertain inputs; null without an exact answer of both.'),
    }),
  ),
  verdict: z.string(),
  run: z
    .looseObject({
      wallSeconds: z.number(),
      cpuSeconds: z.number(),
      events: z.number(),
      workers: z.number(),
      efficiency: z.number().optional(),
      partial: z.boolean(),
    })
    .describe('The only part that differs between runs of the same version, input and seed.'),
})
