import type { ClusterConfig } from '../cluster/config.ts'
import { integerBelow, type Random } from '../engine/random.ts'
import type { FaultAction, FaultKind, FaultPlan } from './plan.ts'

/**
 * What a random plan is made of: 1 to 5 faults, each of one of these kinds with equal probability, the first after a
 * minute, each 30 to 90 s after the one before it began; each lasts 5 to 25 s, so that no two overlap.
 */
const KINDS: readonly FaultKind[] = ['crash', 'stop', 'pause', 'isolate', 'slow-disk']
const [FEWEST, MOST] = [1, 5]
const LEAD_IN = 60_000
const [APART_LEAST, APART_MOST] = [30_000, 90_000]
const [LASTS_LEAST, LASTS_MOST] = [5_000, 25_000]
const [SLOW_LEAST, SLOW_MOST] = [50, 500]

/** A plan of faults that come one after another: a cluster that stands one failure keeps its quorum. */
export function randomPlan(name: string, config: ClusterConfig, random: Random): FaultPlan {
  const between = (least: number, most: number): number => least + integerBelow(random, most - least + 1)
  const actions: FaultAction[] = []
  let at = LEAD_IN
  for (let left = between(FEWEST, MOST); left > 0; left--) {
    const kind = KINDS[integerBelow(random, KINDS.length)]!
    const targets = targetsOf(kind, config)
    const slow = kind === 'slow-disk' ? between(SLOW_LEAST, SLOW_MOST) : null
    actions.push({
      at,
      do: kind,
      on: [targets[integerBelow(random, targets.length)]!],
      for: whole(between(LASTS_LEAST, LASTS_MOST)),
      from: [],
      oneWay: false,
      by: slow,
      share: null,
    })
    at += whole(between(APART_LEAST, APART_MOST))
  }
  return { name, actions }
}

/** Seconds are fine enough for people to read. */
function whole(ms: number): number {
  return Math.round(ms / 1000) * 1000
}

function targetsOf(kind: FaultKind, { nodes, etcd, apiServer, loadBalancer }: ClusterConfig): string[] {
  const named = (process: string, machines: readonly number[]) =>
    machines.map((node) => `${process} ${nodes[node]!.name}`)
  const members = ['etcd-leader', 'an etcd-follower', ...named('etcd', etcd.nodes)]
  if (kind === 'slow-disk' || kind === 'isolate')
    return kind === 'isolate' ? [...members, ...nodes.map(({ name }) => name)] : members
  return [...members, ...named('api-server', apiServer?.nodes ?? []), ...named('balancer', loadBalancer?.nodes ?? [])]
}
