import type { ClusterConfig } from '../cluster/config.ts'
import { writeYaml } from '../document/write-yaml.ts'
import { lastsOf } from '../faults/operation.ts'
import type { FaultAction, FaultPlan } from '../faults/plan.ts'
import { type Exported, goDuration, inWords, machinesNamed, targetsOf } from './exported.ts'

const NAMESPACE = 'kube-system'
/** kubeadm's static pods are called by component and node. */
const PODS = { etcd: 'etcd', 'api-server': 'kube-apiserver', balancer: 'haproxy' } as const
type Kind = keyof typeof PODS

interface Fault {
  readonly kind: 'PodChaos' | 'NetworkChaos' | 'IOChaos'
  readonly body: object
}

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
    for (const [k, { kind, body }] of faults.entries()) {
      const name = `fault-${i + 1}${faults.length > 1 ? `-${k + 1}` : ''}`
      const deadline = goDuration(lasts ?? 3_600_000)
      const wait = action.at - first
      templates.push({ name, templateType: kind, deadline, [lowerFirst(kind)]: body })
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
    metadata: { name: objectName(plan.name), namespace: NAMESPACE },
    spec: {
      entry: 'entry',
      templates: [{ name: 'entry', templateType: 'Parallel', children: branches }, ...templates],
    },
  }
  const comments = kept.map((sentence) => `# NOT IN HERE: ${sentence}\n`).join('')
  return { text: comments + writeYaml(workflow), lost: kept }
}

function faultsOf(action: FaultAction, cluster: ClusterConfig, lost: string[]): Fault[] {
  const lose = (why: string): Fault[] => {
    lost.push(`${inWords(action)}: ${why}`)
    return []
  }
  const selected = selectorsOf(action.on, cluster, action, lost)
  switch (action.do) {
    case 'crash':
    case 'stop':
      if (selected.some(({ machine }) => machine))
        return lose('Chaos Mesh takes down pods, not machines (PhysicalMachineChaos needs its daemon on the host)')
      lost.push(
        `${inWords(action)}: played as pod-failure, which keeps the pod down for the time; neither the signal nor a hand-over before it can be chosen`,
      )
      return selected.map(({ selector }) => ({ kind: 'PodChaos', body: { action: 'pod-failure', ...selector } }))
    case 'cut':
    case 'isolate':
    case 'delay':
    case 'lose':
      return networkChaos(action, cluster, selected, lost)
    case 'slow-disk':
      return selected.map(({ selector }) => ({
        kind: 'IOChaos',
        body: {
          action: 'latency',
          ...selector,
          volumePath: '/var/lib/etcd',
          path: '**',
          methods: ['FSYNC'],
          delay: goDuration(action.by ?? 0),
          percent: 100,
        },
      }))
    case 'pause':
      return lose('a frozen process (SIGSTOP) has no counterpart in Chaos Mesh')
    case 'reboot':
    case 'lose-disk':
      return lose(`${action.do} has no counterpart in Chaos Mesh`)
  }
}

interface Selected {
  readonly selector: object
  /** Whether a whole machine was meant, of which only a pod can be named. */
  readonly machine: boolean
}

function networkChaos(
  action: FaultAction,
  cluster: ClusterConfig,
  selected: readonly Selected[],
  lost: string[],
): Fault[] {
  const towards =
    action.from.length > 0
      ? action.from
      : targetsOf(action.on).flatMap((target) => (target.kind === 'link' ? [target.to] : []))
  const targets = towards.length > 0 ? selectorsOf(towards, cluster, action, lost) : []
  const ways = {
    cut: { action: 'partition' },
    isolate: { action: 'partition' },
    delay: { action: 'delay', delay: { latency: goDuration(action.by ?? 0) } },
    lose: { action: 'loss', loss: { loss: String(100 * (action.share ?? 1)) } },
  }
  const way = ways[action.do as keyof typeof ways]
  const [target] = targets
  if (action.do === 'isolate' || target === undefined) {
    lost.push(
      `${inWords(action)}: pods of the control plane use their host's network: what Chaos Mesh does to one it does to its machine`,
    )
  }
  if (action.oneWay && target === undefined) {
    lost.push(`${inWords(action)}: one way towards everyone has no target that could be named; it is played both ways`)
  }
  return selected.map(({ selector }) => ({
    kind: 'NetworkChaos',
    body: {
      ...way,
      ...selector,
      direction: action.oneWay && target !== undefined ? 'to' : 'both',
      ...(target === undefined ? {} : { target: target.selector }),
    },
  }))
}

function selectorsOf(
  texts: readonly string[],
  cluster: ClusterConfig,
  action: FaultAction,
  lost: string[],
): Selected[] {
  return targetsOf(texts).flatMap((target): Selected[] => {
    if (target.kind === 'role') {
      const kind: Kind =
        target.role === 'the preferred api-server'
          ? 'api-server'
          : target.role === 'address-holder'
            ? 'balancer'
            : 'etcd'
      lost.push(`${inWords(action)}: Chaos Mesh cannot ask who is ${target.role}; it takes one of the pods at random`)
      const selector = { mode: 'one', selector: { namespaces: [NAMESPACE], labelSelectors: { component: PODS[kind] } } }
      return [{ selector, machine: target.role === 'address-holder' }]
    }
    const kind: Kind = target.kind === 'process' ? target.process : 'etcd'
    const pods = machinesNamed(target, cluster).map((machine) => `${PODS[kind]}-${machine}`)
    return [
      {
        selector: { mode: 'all', selector: { namespaces: [NAMESPACE], pods: { [NAMESPACE]: pods } } },
        machine: target.kind !== 'process',
      },
    ]
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
