import { z } from 'zod'
import { distribution, duration, mapping, name, orNone, positiveDuration, share } from './spec-words.ts'

const processFields = {
  every: distribution.describe('Time from the end of one repair to the next failure.'),
  lasts: distribution.optional().describe('How long it stays down.'),
  modes: z
    .array(mapping({ share, lasts: distribution }))
    .min(1)
    .optional()
    .describe('Instead of `lasts`: kinds of failure, each with its share; the shares sum to 100%.'),
  graceful: share
    .default(0)
    .describe('Share of the events that are orderly: a warning first, so that leadership is handed over.'),
}

const processSpec = mapping(processFields)
export type ProcessSpec = z.output<typeof processSpec>

export const sharedCause = z.enum(['shock', 'event', 'propagation'])

/** A failure profile: what fails, how often, for how long. What is not told does not fail. */
export const profileSpec = mapping({
  name: z.string().optional(),
  description: z.string().optional(),
  node: orNone(processSpec).describe('Every machine, whatever its group.'),
  nodes: z
    .record(name, orNone(processSpec))
    .optional()
    .describe('Machines of one group, instead of `node`: the key is the node group.'),
  zone: orNone(
    mapping({
      ...processFields,
      'on-loss': z
        .enum(['unreachable', 'crash'])
        .default('unreachable')
        .describe('unreachable: its machines run but are cut off. crash: they lose power.'),
    }),
  ).describe('A zone is lost with all its machines.'),
  link: orNone(processSpec).describe("A machine's uplink: it runs but is cut off."),
  etcd: orNone(processSpec).describe('An etcd process dies; `lasts` is the time until it is started again.'),
  'api-server': orNone(processSpec).describe('An API server process dies.'),
  balancer: orNone(processSpec).describe('A load balancer process dies.'),
  'disk-stall': orNone(processSpec).describe(
    "An etcd member's disk stops answering for a while; who asks that member waits as long.",
  ),
  'disk-loss': orNone(processSpec).describe('An etcd member loses its data and is replaced.'),
  change: orNone(
    mapping({
      ...processFields,
      hits: z
        .enum(['api-servers', 'cluster'])
        .default('api-servers')
        .describe('What a bad change breaks until it is taken back.'),
    }),
  ).describe('A human change breaks the whole cluster at once, however many machines it has.'),
  'common-cause': orNone(
    mapping({
      beta: share.describe('Share of the failures of control-plane machines that they have in common.'),
      kind: sharedCause.default('shock'),
    }),
  ),
  maintenance: orNone(
    mapping({
      every: positiveDuration.describe('Period of the planned reboots.'),
      lasts: positiveDuration.describe('How long each machine is away.'),
      apart: duration.describe('From the start of one machine to the start of the next.'),
      guard: z
        .enum(['none', 'all-up'])
        .default('none')
        .describe('all-up: a window is skipped unless all others are up.'),
    }),
  ).describe('Planned reboots of control-plane machines, one after another.'),
})
export type ProfileSpec = z.output<typeof profileSpec>
