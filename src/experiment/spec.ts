import { z } from 'zod'
import { YEAR } from '../base/units.ts'
import { FAULT_KINDS } from '../faults/plan.ts'
import { clusterSpec } from './spec-cluster.ts'
import { profileSpec } from './spec-failures.ts'
import { partSpec } from './spec-parts.ts'
import {
  count,
  duration,
  inputDistribution,
  mapping,
  name,
  positiveDuration,
  share,
  variantName,
} from './spec-words.ts'

const target = z.string().min(1)
const targets = z
  .union([target, z.array(target).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value))

const action = mapping({
  at: duration.describe('From the start of the run.'),
  do: z.enum(FAULT_KINDS),
  on: targets.describe(
    'A machine, `zone a`, `link x -> y`, `etcd x`, or a role at that moment: etcd-leader, address-holder, …',
  ),
  for: positiveDuration.optional().describe('Undone after this long; left out: never.'),
  from: targets.optional().describe('cut: the other side; left out: everyone else.'),
  'one-way': z.boolean().default(false).describe('Only from `on` towards the others.'),
  by: positiveDuration.optional().describe('delay: extra one-way latency. slow-disk: extra time of each fsync.'),
  share: share.optional().describe('lose: the share of the messages that are lost.'),
})

/** A fault plan: a list of timed actions, the same for a simulated and a real cluster. */
export const planSpec = mapping({
  plan: z.string().min(1).describe('Its name.'),
  description: z.string().optional(),
  actions: z.array(action).min(1),
  check: z
    .unknown()
    .optional()
    .describe('In a plan that hasim check saved: the group, and steps that only it can do. Read by it alone.'),
})
export type PlanSpec = z.output<typeof planSpec>

const serviceOptions = mapping({
  deadline: positiveDuration.default(1_000).describe('A request succeeds when it is answered within this long (1s).'),
})

/** `[write, read]`, `[write: { deadline: 2s }, read]` or `{ write: { deadline: 2s }, read: {} }`. */
const servicesSpec = z.union([
  z.array(z.union([name, z.record(name, serviceOptions)])).min(1),
  z.record(name, serviceOptions.nullable()),
])
export type ServicesSpec = z.output<typeof servicesSpec>

/** Milliseconds: durations sum exactly for 279 years, so a replication stays well below. */
const LONGEST_HORIZON_YEARS = 100

const runSpec = mapping({
  seed: z.string().optional().describe('Text, always. Default: the name of the experiment.'),
  start: z
    .enum(['steady', 'all-up'])
    .default('steady')
    .describe('steady: the long-run behaviour. all-up: everything new.'),
  horizon: positiveDuration
    .default(YEAR)
    .describe(`Length of one replication (1y), at most ${LONGEST_HORIZON_YEARS}y.`),
  solver: z
    .enum(['auto', 'simulate', 'exact', 'rare'])
    .default('auto')
    .describe('How the answer is found. auto: exactly where that can be and no number of replications is named.'),
  precision: share
    .optional()
    .describe('Stop when the relative half-width of the first service is below this, in every variant.'),
  replications: count(1, 1_000_000_000).optional().describe('Stop after this many replications of each variant.'),
  'max-years': z
    .number()
    .positive()
    .max(1e12)
    .optional()
    .describe('Stop after this many simulated years of each variant.'),
  at: z.array(duration).default([]).describe('Instants for transient values.'),
  uncertain: z
    .record(z.string(), inputDistribution)
    .default({})
    .describe(
      'Means (server.every) and shares (batch.beta) known by a distribution only: carried to the answer as a second interval.',
    ),
  sensitivity: z
    .boolean()
    .optional()
    .describe('Whether elasticities are told. Default: of what is solved, and of simulated control planes.'),
  faults: z.union([z.string(), planSpec]).optional().describe('A fault plan that is played in every replication.'),
  random: z.boolean().optional().describe('Whether random failures happen too. Default: only without a fault plan.'),
})
export type RunSpec = z.output<typeof runSpec>
export const LONGEST_HORIZON = LONGEST_HORIZON_YEARS * YEAR

/** What an experiment file says beside its model. */
const questionFields = {
  question: z.string().optional().describe('What you want to know, in one sentence.'),
  variants: z
    .record(variantName, z.record(z.string(), z.unknown()).nullable())
    .optional()
    .describe('Each a patch on the model: paths such as nodes.control-plane.count and their new values.'),
  run: runSpec.prefault({}),
  slo: z.record(name, share).optional().describe('Target availability of services, such as 99.95%.'),
}

/** An experiment: a model, variants of it, services, and when to stop. */
export const experimentSpec = mapping({
  name: z.string().optional().describe("Default: the file's name."),
  ...questionFields,
  model: z.union([z.string(), z.record(z.string(), z.unknown())]).describe('A file, or the model itself.'),
  services: servicesSpec.optional().describe('Default: all that the model has.'),
})
export type ExperimentSpec = z.output<typeof experimentSpec>

/** The same with the model written out, as editors want it. */
export const experimentDocument = experimentSpec.extend({ model: z.union([z.string(), clusterSpec, partSpec]) })
export const profileDocument = profileSpec
export const modelDocument = z.union([clusterSpec.extend(questionFields), partSpec.extend(questionFields)])
