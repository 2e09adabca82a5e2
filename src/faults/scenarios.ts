import type { ClusterConfig } from '../cluster/config.ts'
import type { FaultAction, FaultKind, FaultPlan } from './plan.ts'

/** A kind of trouble that every operator should have seen once, as a plan for a cluster. */
export interface Scenario {
  readonly name: string
  readonly description: string
  /** The actions on this cluster, from t = 0; null: it has nothing that this could happen to. */
  readonly actions: (config: ClusterConfig) => readonly FaultAction[] | null
}

/** Before the first fault (ms): a plan begins in the steady state. */
const LEAD_IN = 60_000
const SECOND = 1_000
/**
 * Long enough for whoever is cut off to be replaced and to campaign in vain some times, and short enough for the buffers of
 * streams between members: full ones make their writers wait for 5 s (rafthttp, ConnWriteTimeout), which is not modelled.
 */
const CUT = 6_500

interface Details {
  readonly at?: number
  readonly for?: number
  readonly oneWay?: boolean
  readonly by?: number
}

function action(kind: FaultKind, on: string | readonly string[], details: Details = {}): FaultAction {
  return {
    at: details.at ?? 0,
    do: kind,
    on: [on].flat(),
    for: details.for ?? 10 * SECOND,
    from: [],
    oneWay: details.oneWay ?? false,
    by: details.by ?? null,
    share: null,
  }
}

const always =
  (...actions: readonly FaultAction[]) =>
  () =>
    actions
const withApi =
  (...actions: readonly FaultAction[]) =>
  (config: ClusterConfig) =>
    config.apiServer === null ? null : actions

function memberNames({ etcd, nodes }: ClusterConfig): string[] {
  return etcd.nodes.map((node) => nodes[node]!.name)
}

/** So many members that too few are left. */
function quorumLoss(config: ClusterConfig): FaultAction[] {
  const lost = Math.ceil(config.etcd.nodes.length / 2)
  return [action('crash', ['etcd-leader', ...Array<string>(lost - 1).fill('an etcd-follower')])]
}

function balancerCrash({ loadBalancer, nodes }: ClusterConfig): FaultAction[] | null {
  return loadBalancer === null ? null : [action('crash', `balancer ${nodes[loadBalancer.nodes[0]!]!.name}`)]
}

function zoneLoss({ zones }: ClusterConfig): FaultAction[] | null {
  return zones.length < 2 ? null : [action('isolate', `zone ${zones[0]}`, { for: 30 * SECOND })]
}

/** Down so long, and so much later the next one. */
const [ROLLING_DOWN, ROLLING_APART] = [10 * SECOND, 30 * SECOND]

function rollingRestart(config: ClusterConfig): FaultAction[] {
  return memberNames(config).map((name, k) => action('stop', name, { at: k * ROLLING_APART, for: ROLLING_DOWN }))
}

function coldStart({ nodes }: ClusterConfig): FaultAction[] {
  return [
    action(
      'stop',
      nodes.map(({ name }) => name),
      { for: 20 * SECOND },
    ),
  ]
}

function addressTakeOver({ loadBalancer }: ClusterConfig): FaultAction[] | null {
  return loadBalancer?.address == null ? null : [action('crash', 'address-holder', { for: 20 * SECOND })]
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'leader-crash',
    description: "etcd's leader is killed (kill -9) and started again",
    actions: always(action('crash', 'etcd-leader')),
  },
  {
    name: 'leader-stop',
    description: "etcd's leader is stopped in good order (SIGTERM) and hands over first",
    actions: always(action('stop', 'etcd-leader')),
  },
  {
    name: 'leader-pause',
    description: "etcd's leader is frozen (SIGSTOP), as in a live migration",
    actions: always(action('pause', 'etcd-leader')),
  },
  {
    name: 'leader-isolated',
    description: "The leader's machine runs on, but nobody hears it and it hears nobody",
    actions: always(action('isolate', 'etcd-leader', { for: CUT })),
  },
  {
    name: 'follower-crash',
    description: 'A follower is killed (kill -9) and started again',
    actions: always(action('crash', 'an etcd-follower')),
  },
  {
    name: 'follower-isolated',
    description: "A follower's machine runs on, but nobody hears it and it hears nobody",
    actions: always(action('isolate', 'an etcd-follower', { for: CUT })),
  },
  {
    name: 'one-way-cut',
    description: 'A follower still hears the others, but nothing that it sends arrives',
    actions: always(action('isolate', 'an etcd-follower', { oneWay: true, for: CUT })),
  },
  {
    name: 'quorum-loss',
    description: 'The leader and so many followers are killed that no majority is left, until all are started again',
    actions: quorumLoss,
  },
  {
    name: 'api-server-stop',
    description: 'The API server that the balancer prefers is stopped in good order',
    actions: withApi(action('stop', 'the preferred api-server')),
  },
  {
    name: 'api-server-hang',
    description:
      'The API server that the balancer prefers is frozen (SIGSTOP): it accepts connections and answers nothing',
    actions: withApi(action('pause', 'the preferred api-server', { for: 14_800 })),
  },
  {
    name: 'balancer-crash',
    description: 'The first balancer process is killed (kill -9) and started again',
    actions: balancerCrash,
  },
  {
    name: 'address-takeover',
    description: 'The balancer machine that holds the address loses power',
    actions: addressTakeOver,
  },
  { name: 'zone-loss', description: 'A zone is cut off from everyone else', actions: zoneLoss },
  {
    name: 'slow-disk',
    description: 'Every fsync of the leader takes 200 ms longer',
    actions: always(action('slow-disk', 'etcd-leader', { by: 200, for: 30 * SECOND })),
  },
  {
    name: 'rolling-restart',
    description: 'Machines with etcd are shut down one after another, as in a careful upgrade',
    actions: rollingRestart,
  },
  {
    name: 'cold-start',
    description: 'Every machine is shut down in good order, and all are started together',
    actions: coldStart,
  },
]

/** A scenario as a plan for a cluster; null: the cluster has nothing that this could happen to. */
export function planOfScenario({ name, actions }: Scenario, config: ClusterConfig): FaultPlan | null {
  const own = actions(config)
  return own === null ? null : { name, actions: own.map((one) => ({ ...one, at: one.at + LEAD_IN })) }
}
