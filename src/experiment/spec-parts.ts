import { z } from 'zod'
import { sharedCause } from './spec-failures.ts'
import { count, distribution, duration, mapping, name, names, positiveDuration, share } from './spec-words.ts'

/** As written: names are groups, single members, roles or services. */
export type ConditionSpec =
  | string
  | { readonly 'at-least': number; readonly of: string | readonly ConditionSpec[] }
  | { readonly all: string | readonly ConditionSpec[] }
  | { readonly any: string | readonly ConditionSpec[] }

const MOST_MEMBERS = 10_000

const several = () => z.union([name, z.array(conditionSpec).min(1)])

const conditionSpec: z.ZodType<ConditionSpec> = z
  .lazy(() =>
    z.union([
      name,
      mapping({ 'at-least': count(1, MOST_MEMBERS), of: several() }),
      mapping({ all: several() }),
      mapping({ any: several() }),
    ]),
  )
  .meta({ id: 'condition', description: 'A name, { at-least: k, of: [...] }, { all: [...] } or { any: [...] }.' })

const part = mapping({
  count: count(1, MOST_MEMBERS).default(1).describe('Members are called group-1, group-2, …; one alone also group.'),
  every: distribution
    .optional()
    .describe('Time to failure; after repair as good as new. Left out: never fails of itself.'),
  lasts: distribution.optional().describe('Repair work, without waiting for a crew.'),
  modes: z
    .array(mapping({ share, lasts: distribution }))
    .min(1)
    .optional()
    .describe('Instead of `lasts`: kinds of failure, each with its share; the shares sum to 100%.'),
  needs: z
    .union([conditionSpec, z.array(name).min(1)])
    .optional()
    .describe('What each member must have: a group (member k needs its member 1 + (k-1) mod count) or a condition.'),
  ages: z
    .enum(['always', 'while-up'])
    .default('always')
    .describe('Does its failure clock run while what it needs is down?'),
  'on-loss': z
    .enum(['unreachable', 'crash'])
    .default('unreachable')
    .describe('What the loss of what it needs does to it.'),
})

const crew = mapping({
  size: count(1, MOST_MEMBERS).default(1),
  serves: names.describe('Groups, or all.'),
  order: z.enum(['fcfs', 'random', 'race', 'processor-sharing', 'priority']).default('fcfs'),
  'pre-empts': z.boolean().default(false),
  reaches: distribution.optional().describe('Time to reach the part before the repair starts.'),
})

const commonCause = mapping({
  of: name,
  beta: share.describe('Share of the failures of a member that are common to all.'),
  kind: sharedCause
    .default('shock')
    .describe(
      'shock: each repaired on its own. event: one repair for all. propagation: each failure takes all with probability beta.',
    ),
})

const maintenance = mapping({
  of: name,
  every: positiveDuration,
  lasts: positiveDuration,
  apart: duration.default(0).describe('Windows of member k start at (k-1)·apart in each period.'),
  guard: conditionSpec
    .default('none')
    .describe(
      'none (blind), all-up (all others are up), or what must hold without the member, else the window is skipped.',
    ),
})

const role = mapping({
  among: names.describe('Groups or members that can hold it.'),
  while: conditionSpec.optional().describe('The role is lost with this condition.'),
  'hand-over': distribution,
  fails: share.default(0).describe('Probability that a hand-over fails; it waits for the next completed repair.'),
})

/** Any system of parts that fail and are repaired. */
export const partSpec = mapping({
  name: z.string().optional(),
  description: z.string().optional(),
  parts: z.record(name, part),
  crews: z.record(name, crew).default({}),
  'common-causes': z.record(name, commonCause).default({}),
  maintenance: z.record(name, maintenance).default({}),
  roles: z.record(name, role).default({}),
  services: z.record(name, conditionSpec).default({}),
})
export type PartSpec = z.output<typeof partSpec>
export type GroupSpec = PartSpec['parts'][string]
