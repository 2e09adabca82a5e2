import type { ClusterConfig } from '../cluster/config.ts'
import { writeYaml } from '../document/write-yaml.ts'
import { lastsOf } from '../faults/operation.ts'
import type { FaultAction, FaultPlan } from '../faults/plan.ts'
import {
  anyPodOf,
  containerKill,
  MESH_NAMESPACE,
  type MeshFault,
  type MeshSelector,
  network,
  podsOn,
  type StaticPod,
  slowFsync,
} from './chaos-mesh-objects.ts'
import { type Exported, goDuration, inWords, machinesNamed, targetsOf } from './exported.ts'

/** A Workflow of Chaos Mesh (chaos-mesh.org/v1alpha1): each action waits for its time and then runs for its own. */
export function toChaosMesh(plan: FaultPlan, cluster: ClusterConfig): Exported {
  const lost: string[] = []
  const first = Math.min(...plan.actions.map(({ at }) => at))
  const templates: object[] = []
  const branches: string[] = []
  for (const [i, action] of plan.actions.entries()) {
    const faults = faultsOf(action, cluster, lost)
    const lasts = lastsOf(action)
    if (lasts === null && faults.length > 0)
      lost.push(`${inWords(action)}: has no end of its own; the workflow is given an hour`)
    for (const [k, { kind, spec }] of faults.entries()) {
      const name = `fault-${i + 1}${faults.length > 1 ? `-${k + 1}` : ''}`
      const deadline = goDuration(lasts ?? 3_600_000)
      const wait = action.at - first
      templates.push({ name, templateType: kind, deadline, [lowerFirst(kind)]: spec })
      if (wait === 0) branches.push(name)
      else {
        templates.push({ name: `wait-${name}`, templateType: 'Suspend', deadline: goDuration(wait) })
        templates.push({ name: `then-${name}`, templateType: 'Serial', children: [`wait-${name}`, name] })
        branches.push(`then-${name}`)
      }
    }
  }
  const kept = [...new Set(lost)]
  const workflow = {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'Workflow',
    metadata: { name: objectName(plan.name), namespace: MESH_NAMESPACE },
    spec: {
      entry: 'entry',
      templates: [{ name: 'entry', templateType: 'Parallel', children: branches }, ...templates],
    },
  }
  const comments = kept.map((sentence) => `# NOT IN HERE: ${sentence}\n`).join('')
  return { text: comments + writeYaml(workflow), lost: kept }
}

function faultsOf(action: FaultAction, cluster: ClusterConfig, lost: string[]): MeshFault[] {
  const lose = (why: string): MeshFault[] => {
    lost.push(`${inWords(action)}: ${why}`)
    return []
  }
  const selected = selectedBy(action.on, cluster, action, lost)
  switch (action.do) {
    case 'crash':
    case 'stop':
      if (selected.some(({ isMachine }) => isMachine))
        return lose('Chaos Mesh takes down pods, not machines (PhysicalMachineChaos needs its daemon on the host)')
      lost.push(
        `${inWords(action)}: its container is killed once and the kubelet starts it again when it will: static pods cannot be kept down, nor can the signal be chosen`,
      )
      return selected.map(({ kind, pods }) => containerKill(kind, pods))
    case 'cut':
    case 'isolate':
    case 'delay':
    case 'lose':
      return networkChaos(action, cluster, selected, lost)
    case 'slow-disk':
      return selected.map(({ pods }) => slowFsync(pods, action.by ?? 0))
    case 'pause':
      return lose('a frozen process (SIGSTOP) has no counterpart in Chaos Mesh')
    case 'reboot':
    case 'lose-disk':
      return lose(`${action.do} has no counterpart in Chaos Mesh`)
  }
}

interface Selected {
  readonly kind: StaticPod
  readonly pods: MeshSelector
  /** Whether a whole machine was meant, of which only a pod can be named. */
  readonly isMachine: boolean
}

function networkChaos(
  action: FaultAction,
  cluster: ClusterConfig,
  selected: readonly Selected[],
  lost: string[],
): MeshFault[] {
  const towards =
    action.from.length > 0
      ? action.from
      : targetsOf(action.on).flatMap((target) => (target.kind === 'link' ? [target.to] : []))
  const target = towards.length > 0 ? (selectedBy(towards, cluster, action, lost)[0]?.pods ?? null) : null
  if (action.do === 'isolate' || target === null) {
    lost.push(
      `${inWords(action)}: pods of the control plane use their host's network: what Chaos Mesh does to one it does to its machine`,
    )
  }
  if (action.oneWay && target === null) {
    lost.push(`${inWords(action)}: one way towards everyone has no target that could be named; it is played both ways`)
  }
  const direction = action.oneWay && target !== null ? 'to' : 'both'
  return selected.map(({ pods }) => network(wayOf(action), pods, target, direction))
}

function wayOf(action: FaultAction): Parameters<typeof network>[0] {
  if (action.do === 'delay') return { delayMs: action.by ?? 0 }
  return action.do === 'lose' ? { share: action.share ?? 1 } : 'partition'
}

function selectedBy(texts: readonly string[], cluster: ClusterConfig, action: FaultAction, lost: string[]): Selected[] {
  return targetsOf(texts).map((target): Selected => {
    if (target.kind === 'role') {
      const kind =
        target.role === 'the preferred api-server'
          ? 'api-server'
          : target.role === 'address-holder'
            ? 'balancer'
            : 'etcd'
      lost.push(`${inWords(action)}: Chaos Mesh cannot ask who is ${target.role}; it takes one of the pods at random`)
      return { kind, pods: anyPodOf(kind), isMachine: target.role === 'address-holder' }
    }
    const kind = target.kind === 'process' ? target.process : 'etcd'
    return { kind, pods: podsOn(kind, machinesNamed(target, cluster)), isMachine: target.kind !== 'process' }
  })
}

const lowerFirst = (word: string): string =>
  word.startsWith('IO') ? `io${word.slice(2)}` : word[0]!.toLowerCase() + word.slice(1)

/** Names of objects: small letters, digits and dashes. */
function objectName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
}
