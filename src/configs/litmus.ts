import type { ClusterConfig } from '../cluster/config.ts'
import { writeYaml } from '../document/write-yaml.ts'
import { lastsOf } from '../faults/operation.ts'
import type { FaultAction, FaultPlan } from '../faults/plan.ts'
import type { FaultTarget } from '../faults/target.ts'
import { type Exported, inWords, machinesNamed, targetsOf } from './exported.ts'

export type Env = { readonly [name: string]: string }

export const COMPONENTS = { etcd: 'etcd', 'api-server': 'kube-apiserver', balancer: 'haproxy' } as const

/**
 * ChaosEngines of LitmusChaos (litmuschaos.io/v1alpha1), one an action. All are applied together: each waits for its time as
 * its ramp time. Values are texts, durations whole seconds.
 */
export function toLitmus(plan: FaultPlan, cluster: ClusterConfig): Exported {
  const lost: string[] = []
  const first = Math.min(...plan.actions.map(({ at }) => at))
  const engines: object[] = []
  for (const [i, action] of plan.actions.entries()) {
    for (const { fault, env } of faultsOf(action, cluster, lost)) {
      const wait = Math.round((action.at - first) / 1000)
      if (wait > 0) lost.push('a ramp time is waited before the fault and after it: engines end later than the plan')
      const lasts = lastsOf(action)
      if (lasts === null) lost.push(`${inWords(action)}: has no end of its own; it is given an hour`)
      const all: Env = { TOTAL_CHAOS_DURATION: seconds(lasts ?? 3_600_000), RAMP_TIME: String(wait), ...env }
      engines.push(engine(`${plan.name}-${i + 1}-${engines.length + 1}`, fault, all))
    }
  }
  const kept = [...new Set(lost)]
  const comments = kept.map((sentence) => `# NOT IN HERE: ${sentence}\n`).join('')
  return { text: comments + engines.map((one) => writeYaml(one)).join('---\n'), lost: kept }
}

/** One fault, run as soon as it is applied; deleting it ends the fault. */
export function engine(name: string, fault: string, env: Env): object {
  return {
    apiVersion: 'litmuschaos.io/v1alpha1',
    kind: 'ChaosEngine',
    metadata: { name: name.toLowerCase().replace(/[^a-z0-9-]+/g, '-'), namespace: 'litmus' },
    spec: {
      engineState: 'active',
      chaosServiceAccount: 'litmus-admin',
      experiments: [
        {
          name: fault,
          spec: { components: { env: Object.entries(env).map(([key, value]) => ({ name: key, value })) } },
        },
      ],
    },
  }
}

const seconds = (ms: number): string => String(Math.max(1, Math.round(ms / 1000)))

interface Fault {
  readonly fault: string
  readonly env: Env
}

function faultsOf(action: FaultAction, cluster: ClusterConfig, lost: string[]): Fault[] {
  return targetsOf(action.on).flatMap((target) => faultsOn(action, target, cluster, lost))
}

function faultsOn(action: FaultAction, target: FaultTarget, cluster: ClusterConfig, lost: string[]): Fault[] {
  const lose = (why: string): Fault[] => {
    lost.push(`${inWords(action)}: ${why}`)
    return []
  }
  const isProcess = target.kind === 'process' || (target.kind === 'role' && target.role !== 'address-holder')
  const pods = podsOf(target, cluster)
  if (target.kind === 'role')
    lost.push(
      `${inWords(action)}: LitmusChaos cannot ask who is ${target.role}; it takes one pod of the component at random`,
    )
  const nodes: Env = { TARGET_NODES: machinesNamed(target, cluster).join(',') }
  switch (action.do) {
    case 'crash':
    case 'stop':
      if (!isProcess)
        return target.kind === 'role' ? lose('a machine must be named') : [{ fault: 'node-poweroff', env: nodes }]
      lost.push(
        `${inWords(action)}: the kubelet starts a killed container again by itself; it is killed every second instead`,
      )
      return [
        {
          fault: 'container-kill',
          env: { ...pods, CHAOS_INTERVAL: '1', SIGNAL: action.do === 'crash' ? 'SIGKILL' : 'SIGTERM' },
        },
      ]
    case 'reboot':
      return target.kind === 'role' ? lose('a machine must be named') : [{ fault: 'node-restart', env: nodes }]
    case 'isolate':
    case 'cut':
    case 'lose':
      return network(
        action,
        cluster,
        'pod-network-loss',
        { ...pods, NETWORK_PACKET_LOSS_PERCENTAGE: String(Math.round(100 * (action.share ?? 1))) },
        lost,
      )
    case 'delay':
      return network(action, cluster, 'pod-network-latency', { ...pods, NETWORK_LATENCY: String(action.by ?? 0) }, lost)
    case 'slow-disk':
      lost.push(`${inWords(action)}: LitmusChaos cannot hold back an fsync; pod-io-stress makes the disk busy instead`)
      return [
        { fault: 'pod-io-stress', env: { ...pods, FILESYSTEM_UTILIZATION_PERCENTAGE: '10', NUMBER_OF_WORKERS: '4' } },
      ]
    case 'pause':
      return lose('a frozen process (SIGSTOP) has no counterpart in LitmusChaos')
    case 'lose-disk':
      return lose('a lost disk has no counterpart in LitmusChaos')
  }
}

/**
 * Packets lost or late on their way out of the pod's network, which for the control plane is its machine's. (Its
 * pod-network-partition is a NetworkPolicy: that does nothing to pods in the host's network.)
 */
function network(action: FaultAction, cluster: ClusterConfig, fault: string, env: Env, lost: string[]): Fault[] {
  const others = targetsOf(action.from).flatMap((target) => machinesNamed(target, cluster))
  lost.push(`${inWords(action)}: only what the machine sends is lost or late, not what it receives`)
  if (others.length > 0) return [{ fault, env: { ...env, DESTINATION_HOSTS: others.join(',') } }]
  return [{ fault, env }]
}

function podsOf(target: FaultTarget, cluster: ClusterConfig): Env {
  const kind =
    target.kind === 'process'
      ? target.process
      : target.kind === 'role' && target.role === 'the preferred api-server'
        ? 'api-server'
        : 'etcd'
  const machines = machinesNamed(target, cluster)
  const namespace: Env = {
    APP_NAMESPACE: 'kube-system',
    APP_LABEL: `component=${COMPONENTS[kind]}`,
    TARGET_CONTAINER: COMPONENTS[kind],
  }
  return machines.length === 0
    ? namespace
    : { ...namespace, TARGET_PODS: machines.map((machine) => `${COMPONENTS[kind]}-${machine}`).join(',') }
}
