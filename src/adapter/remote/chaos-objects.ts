import { shellWord } from '../../base/shell-word.ts'
import type { ClusterConfig } from '../../cluster/config.ts'
import { containerKill, meshObject, network, podsOn, STATIC_PODS, slowFsync } from '../../configs/chaos-mesh-objects.ts'
import { COMPONENTS, type Env, engine } from '../../configs/litmus.ts'
import type { KubernetesSpec } from '../../experiment/spec-target.ts'
import type { Operation } from '../../faults/operation.ts'
import { Refusal } from '../refusal.ts'
import { run } from '../run.ts'
import type { Translated, Translator } from './commands.ts'
import { checkNodes, kubectlArguments } from './kubernetes.ts'
import type { Reach } from './remote-cluster.ts'

/** Tools whose objects a cluster may know, by the custom resources that say so. */
const RESOURCES = {
  'chaos-mesh': ['podchaos.chaos-mesh.org', 'networkchaos.chaos-mesh.org', 'iochaos.chaos-mesh.org'],
  litmus: ['chaosengines.litmuschaos.io'],
} as const
type Tool = keyof typeof RESOURCES

const isTool = (way: KubernetesSpec['faults']): way is Tool => way in RESOURCES

/** A fault with no end of its own ends with the plan, by deletion; LitmusChaos must be told some time (ms). */
const NO_END = 3_600_000

/** Operations as objects that kubectl applies, and deletes to undo them. */
export function objectTranslator(spec: KubernetesSpec, config: ClusterConfig): Translator {
  const nodeOf = (machine: number): string => spec.nodes[config.nodes[machine]!.name]!.node
  return (operation, lasts): Translated => {
    const machine = 'machine' in operation ? operation.machine : operation.from
    if (machine >= config.nodes.length || ('to' in operation && operation.to >= config.nodes.length))
      return { cannot: 'clients outside are no pods: nothing can be cut between them and the cluster' }
    const made = spec.faults === 'litmus' ? litmusEngine(operation, nodeOf, lasts) : mesh(operation, nodeOf, lasts)
    if ('cannot' in made) return made
    const kubectl = ['kubectl', ...kubectlArguments(spec).map(shellWord)].join(' ')
    const { kind, metadata } = made.object
    return {
      commands: [
        {
          machine,
          do: `${kubectl} apply --filename=- <<'END'\n${JSON.stringify(made.object)}\nEND`,
          undo: `${kubectl} delete ${kind.toLowerCase()} ${metadata.name} --namespace=${metadata.namespace} --ignore-not-found`,
        },
      ],
    }
  }
}

interface KubernetesObject {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string }
}
type Made = { readonly object: KubernetesObject } | { readonly cannot: string }

/** The same operation has the same name: it can be deleted by whoever comes after. */
function nameOf(operation: Operation, nodeOf: (machine: number) => string): string {
  const where = 'machine' in operation ? [nodeOf(operation.machine)] : [nodeOf(operation.from), nodeOf(operation.to)]
  const what = 'process' in operation ? [operation.kind, operation.process] : [operation.kind]
  return ['hasim', ...what, ...where].join('-').replace(/[^a-z0-9-]+/g, '-')
}

function mesh(operation: Operation, nodeOf: (machine: number) => string, lasts: number | null): Made {
  const made = (fault: Parameters<typeof meshObject>[1], ends = lasts): Made => ({
    object: meshObject(nameOf(operation, nodeOf), fault, ends) as KubernetesObject,
  })
  const etcdOn = (machine: number) => podsOn('etcd', [nodeOf(machine)])
  switch (operation.kind) {
    case 'process-down':
      if (operation.graceful) return { cannot: 'Chaos Mesh kills containers; it cannot stop one gracefully' }
      return made(containerKill(operation.process, podsOn(operation.process, [nodeOf(operation.machine)])), null)
    case 'cut':
      return made(network('partition', etcdOn(operation.from), etcdOn(operation.to), 'to'))
    case 'delay':
      return made(network({ delayMs: operation.by }, etcdOn(operation.from), etcdOn(operation.to), 'to'))
    case 'lose':
      return made(network({ share: operation.share }, etcdOn(operation.from), etcdOn(operation.to), 'to'))
    case 'slow-disk':
      return made(slowFsync(etcdOn(operation.machine), operation.by))
    case 'pause':
    case 'machine-down':
    case 'lose-disk':
      return { cannot: `Chaos Mesh has nothing like ${operation.kind}` }
  }
}

function litmusEngine(operation: Operation, nodeOf: (machine: number) => string, lasts: number | null): Made {
  const seconds = String(Math.max(1, Math.round((lasts ?? NO_END) / 1_000)))
  const made = (fault: string, env: Env): Made => ({
    object: engine(nameOf(operation, nodeOf), fault, { TOTAL_CHAOS_DURATION: seconds, ...env }) as KubernetesObject,
  })
  const podOf = (kind: keyof typeof STATIC_PODS, machine: number): Env => ({
    APP_NAMESPACE: 'kube-system',
    APP_LABEL: `component=${COMPONENTS[kind]}`,
    TARGET_CONTAINER: COMPONENTS[kind],
    TARGET_PODS: `${STATIC_PODS[kind]}-${nodeOf(machine)}`,
  })
  const onTheWay = (from: number, to: number): Env => ({ ...podOf('etcd', from), DESTINATION_HOSTS: nodeOf(to) })
  switch (operation.kind) {
    case 'process-down': {
      const SIGNAL = operation.graceful ? 'SIGTERM' : 'SIGKILL'
      return made('container-kill', { ...podOf(operation.process, operation.machine), CHAOS_INTERVAL: '1', SIGNAL })
    }
    case 'machine-down':
      return made(operation.reboot ? 'node-restart' : 'node-poweroff', { TARGET_NODES: nodeOf(operation.machine) })
    case 'cut':
      return made('pod-network-loss', {
        ...onTheWay(operation.from, operation.to),
        NETWORK_PACKET_LOSS_PERCENTAGE: '100',
      })
    case 'lose': {
      const NETWORK_PACKET_LOSS_PERCENTAGE = String(Math.round(100 * operation.share))
      return made('pod-network-loss', { ...onTheWay(operation.from, operation.to), NETWORK_PACKET_LOSS_PERCENTAGE })
    }
    case 'delay': {
      const NETWORK_LATENCY = String(operation.by)
      return made('pod-network-latency', { ...onTheWay(operation.from, operation.to), NETWORK_LATENCY })
    }
    case 'pause':
    case 'slow-disk':
    case 'lose-disk':
      return { cannot: `LitmusChaos has nothing like ${operation.kind}` }
  }
}

/** kubectl on this machine applies and deletes: there must be the tool, and we must be allowed to use it. */
export function objectsReach(spec: KubernetesSpec, config: ClusterConfig): Reach {
  return {
    async open() {
      await checkNodes(spec, config)
      const { faults } = spec
      if (!isTool(faults)) return
      for (const resource of RESOURCES[faults]) {
        const kubectl = [...kubectlArguments(spec), 'auth', 'can-i', 'create', resource, '--all-namespaces']
        try {
          await run('kubectl', [...kubectlArguments(spec), 'get', 'customresourcedefinition', resource])
          await run('kubectl', kubectl)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          throw new Refusal(`${faults} is not installed, or not for us to use: ${error.message}`)
        }
      }
    },
    run: async (_machine, command) => void (await run('sh', ['-c', command])),
    says: (_machine, command) => command,
    close: async () => {},
    arms: null,
  }
}
