import { z } from 'zod'
import { profileSpec } from './spec-failures.ts'
import {
  cost,
  count,
  distribution,
  duration,
  filled,
  mapping,
  name,
  names,
  orNone,
  positiveDuration,
  rate,
} from './spec-words.ts'

/** More machines than anyone runs a control plane on: a bound against slips of the finger. */
const MOST_NODES = 200

const nodeGroup = mapping({
  count: count(1, MOST_NODES).default(1).describe('Members are called group-1, group-2, …'),
  zones: z
    .array(name)
    .min(1)
    .optional()
    .describe('Members are laid over these zones in turn; a zone may stand here twice. All zones if left out.'),
  cost: cost.optional().describe('Of one machine, in whatever currency you think in.'),
})

const etcd = mapping({
  on: names.describe('The node group (or groups) with an etcd member on each machine.'),
  version: filled(z.enum(['3.4', '3.5', '3.6'])).describe('Picks the defaults of that version.'),
  'heartbeat-interval': filled(positiveDuration),
  'election-timeout': filled(positiveDuration),
  'pre-vote': filled(z.boolean()),
  'initial-election-tick-advance': filled(z.boolean()),
  fsync: filled(distribution).describe('Duration of one fdatasync of the write-ahead log.'),
  start: filled(distribution).describe('From the start of the process to its first tick.'),
  stop: filled(distribution).describe("From SIGTERM to the process's end, once leadership is handed over."),
  writes: filled(rate).describe('Client writes that reach the leader while nothing is wrong.'),
})

const kubelet = mapping({
  'liveness-period': filled(positiveDuration),
  'liveness-failure-threshold': filled(count(1, 1000)),
  'readiness-period': filled(positiveDuration),
  'termination-grace-period': filled(duration),
  'back-off-initial': filled(positiveDuration),
  'back-off-max': filled(positiveDuration),
})

const apiServer = mapping({
  on: names.describe('The node group (or groups) with an API server on each machine.'),
  etcd: filled(z.enum(['local', 'all'])).describe(
    'local: the member on its own machine (stacked). all: every member (external).',
  ),
  start: filled(distribution).describe('From the start of the container to answering /readyz, with etcd healthy.'),
  'start-timeout': filled(positiveDuration).describe('A starting server that cannot reach etcd exits after this long.'),
  'etcd-healthcheck-timeout': filled(positiveDuration),
  'etcd-keepalive-time': filled(positiveDuration),
  'etcd-keepalive-timeout': filled(positiveDuration),
  kubelet: filled(kubelet).describe("The kubelet's handling of the API server's static pod."),
})

const check = mapping({
  kind: filled(z.enum(['http', 'tcp'])).describe('tcp: a connect only. It never sees a hang or a failing /readyz.'),
  path: filled(z.enum(['/readyz', '/livez', '/healthz'])),
  inter: filled(positiveDuration).describe('From the end of one check to the start of the next, server fully up.'),
  fastinter: filled(z.union([z.literal('inter'), positiveDuration])).describe('The same while going up or down.'),
  downinter: filled(z.union([z.literal('inter'), positiveDuration])).describe('The same while fully down.'),
  fall: filled(count(1, 1000)).describe('Failed checks in a row until the server is down.'),
  rise: filled(count(1, 1000)).describe('Good checks in a row until the server is up.'),
  'timeout-check': filled(orNone(positiveDuration)).describe('none: the whole check must end within `inter`.'),
})

const script = mapping({
  interval: filled(positiveDuration),
  timeout: filled(z.union([z.literal('interval'), positiveDuration])),
  fall: filled(count(1, 1000)),
  rise: filled(count(1, 1000)),
  weight: filled(z.int().min(-253).max(253)).describe('0: a failing script gives the address up at once.'),
})

const address = mapping({
  kind: z.enum(['keepalived']),
  'advert-int': filled(positiveDuration),
  priorities: filled(z.array(count(1, 254)).min(1)).describe('By balancer, in order; those left over are not used.'),
  version: filled(z.union([z.literal(2), z.literal(3)])),
  nopreempt: filled(z.boolean()),
  'preempt-delay': filled(duration),
  'down-timer-adverts': filled(count(1, 100)),
  script: filled(orNone(script)).describe(
    'vrrp_script that tests the balancer process. none: only the machine counts.',
  ),
})

const loadBalancer = mapping({
  on: names.describe('The node group (or groups) with a balancer on each machine.'),
  kind: z.enum(['haproxy', 'single']).describe('single: one plain forwarder that never checks anything.'),
  check: filled(orNone(check)),
  start: filled(distribution).describe('From the start of the process to taking connections.'),
  'timeout-connect': filled(orNone(positiveDuration)),
  retries: filled(count(0, 100)),
  redispatch: filled(z.boolean()),
  'on-marked-down': filled(z.enum(['none', 'shutdown-sessions'])),
  address: orNone(address).describe('The address that moves between balancers.'),
})

const network = mapping({
  'within-zone': filled(distribution).describe('One-way latency.'),
  'between-zones': filled(distribution).describe('One-way latency.'),
  pairs: z
    .array(mapping({ between: z.tuple([name, name]), latency: distribution }))
    .default([])
    .describe('One-way latency of two zones, both ways, instead of between-zones.'),
})

const clients = mapping({
  connections: filled(z.enum(['kept', 'new'])).describe(
    'kept: one HTTP/2 connection, as Kubernetes clients do. new: one per request.',
  ),
  'http2-read-idle': filled(positiveDuration),
  'http2-ping-timeout': filled(positiveDuration),
})

/** A Kubernetes control plane. Total: what `models/products` fills in is there before this is checked. */
export const clusterSpec = mapping({
  name: z.string().optional(),
  description: z.string().optional(),
  zones: filled(z.array(name).min(1)).describe('Where machines can be; a zone fails as one.'),
  nodes: z.record(name, nodeGroup).describe('Groups of machines.'),
  etcd,
  'api-server': orNone(apiServer),
  'load-balancer': orNone(loadBalancer),
  network: filled(network),
  clients: filled(clients),
  failures: z
    .union([z.string(), profileSpec])
    .optional()
    .describe('A profile (cloud-vm, on-prem, homelab), a file, a profile spelt out, or none.'),
})
export type ClusterSpec = z.output<typeof clusterSpec>
export type LoadBalancerSpec = z.output<typeof loadBalancer>
export type AddressSpec = z.output<typeof address>
export type ApiServerSpec = z.output<typeof apiServer>
