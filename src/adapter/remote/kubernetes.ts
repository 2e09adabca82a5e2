import { shellWord } from '../../base/shell-word.ts'
import type { ClusterConfig } from '../../cluster/config.ts'
import type { KubernetesSpec } from '../../experiment/spec-target.ts'
import { type CommandPair, SYSTEMD_COMMANDS } from '../../faults/commands.ts'
import { Refusal } from '../refusal.ts'
import { run } from '../run.ts'
import type { CommandTable, MachineCommand } from './commands.ts'
import type { Reach } from './remote-cluster.ts'

const MANIFESTS = '/etc/kubernetes/manifests'
const ASIDE = '/etc/kubernetes/hasim'
const STATIC_PODS = { etcd: 'etcd', 'api-server': 'kube-apiserver', balancer: 'haproxy' } as const
const POD_READY_LIMIT = 120

/**
 * kubeadm's static pods: a manifest that is moved away is a pod that the kubelet takes down, and moved back one that it
 * starts (it looks every 20 s, --file-check-frequency). A process that is killed would be started again by the kubelet:
 * its manifest goes first.
 */
export const KUBEADM_COMMANDS: CommandTable = {
  ...ofStaticPod('etcd'),
  ...ofStaticPod('api-server'),
  ...ofStaticPod('balancer'),
  'reboot machine': SYSTEMD_COMMANDS['reboot machine'],
  cut: SYSTEMD_COMMANDS.cut,
  'cut out': SYSTEMD_COMMANDS['cut out'],
  'cut clients': SYSTEMD_COMMANDS['cut clients'],
  'cut clients out': SYSTEMD_COMMANDS['cut clients out'],
  lose: SYSTEMD_COMMANDS.lose,
}

function ofStaticPod(kind: keyof typeof STATIC_PODS): CommandTable {
  const name = STATIC_PODS[kind]
  const away = `mkdir -p ${ASIDE} && mv ${MANIFESTS}/${name}.yaml ${ASIDE}/${name}.yaml`
  const back = `test ! -e ${ASIDE}/${name}.yaml || mv ${ASIDE}/${name}.yaml ${MANIFESTS}/${name}.yaml`
  const pairs: { readonly [what: string]: CommandPair } = {
    [`crash ${kind}`]: { do: `${away} && pkill -KILL -x ${name}`, undo: back },
    [`stop ${kind}`]: { do: away, undo: back },
    [`pause ${kind}`]: { do: `pkill -STOP -x ${name}`, undo: `pkill -CONT -x ${name}` },
  }
  return pairs
}

/** kubectl with the user's own choice of cluster. */
export function kubectlArguments({ kubeconfig, context }: KubernetesSpec): string[] {
  return [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ]
}

/** The pod whose shell is the node's: in its process, network and mount namespaces, on a node that takes nothing else. */
export function nodeShellArguments(spec: KubernetesSpec, node: string): string[] {
  const pod = podOf(node)
  const overrides = {
    apiVersion: 'v1',
    spec: {
      nodeName: node,
      hostPID: true,
      hostNetwork: true,
      tolerations: [{ operator: 'Exists' }],
      terminationGracePeriodSeconds: 0,
      containers: [
        { name: pod, image: spec.image, command: ['sleep', '86400'], securityContext: { privileged: true } },
      ],
    },
  }
  return [
    ...kubectlArguments(spec),
    `--namespace=${spec.namespace}`,
    'run',
    pod,
    `--image=${spec.image}`,
    '--restart=Never',
    `--overrides=${JSON.stringify(overrides)}`,
  ]
}

function podOf(node: string): string {
  return `hasim-${node.replace(/[^a-z0-9-]+/g, '-')}`
}

/** In the node's own namespaces, by way of its first process. */
export function execArguments(spec: KubernetesSpec, node: string, command: string): string[] {
  const own = ['nsenter', '--target', '1', '--mount', '--uts', '--ipc', '--net', '--pid', '--', 'sh', '-c', command]
  return [...kubectlArguments(spec), `--namespace=${spec.namespace}`, 'exec', podOf(node), '--', ...own]
}

/**
 * A fault that takes the API away takes the way to its undoing away too: the machine itself undoes it when its time is up,
 * whoever is there to ask for it.
 */
export function armed({ do: begin, undo }: MachineCommand, lasts: number): string {
  if (undo === null) return begin
  const later = `sleep ${Math.max(0, lasts / 1000)}; ${undo}`
  return `setsid sh -c ${shellWord(later)} </dev/null >/dev/null 2>&1 & ${begin}`
}

/** Pods by `namespace/name`; those that are gone are no trouble. */
export async function removeNodeShells(spec: KubernetesSpec, pods: readonly string[]): Promise<void> {
  const names = pods.map((pod) => pod.slice(pod.indexOf('/') + 1))
  const how = ['delete', 'pod', '--now', '--ignore-not-found', ...names]
  await run('kubectl', [...kubectlArguments(spec), `--namespace=${spec.namespace}`, ...how])
}

/** @throws Refusal where the cluster does not have the nodes that the target names */
export async function checkNodes(spec: KubernetesSpec, config: ClusterConfig): Promise<void> {
  const { stdout } = await run('kubectl', [...kubectlArguments(spec), 'get', 'nodes', '--output=name'])
  const there = stdout.split('\n').map((line) => line.replace('node/', ''))
  const missing = nodesOf(spec, config).filter((node) => !there.includes(node))
  if (missing.length === 0) return
  throw new Refusal(`the cluster has no node ${missing.join(', ')}; there are: ${there.filter(Boolean).join(', ')}`)
}

function nodesOf(spec: KubernetesSpec, config: ClusterConfig): string[] {
  return [...new Set(config.nodes.map(({ name }) => spec.nodes[name]!.node))]
}

export function kubernetesReach(spec: KubernetesSpec, config: ClusterConfig): Reach {
  const nodeOf = (machine: number): string => spec.nodes[config.nodes[machine]!.name]!.node
  const nodes = nodesOf(spec, config)
  const kubectl = (args: readonly string[], limit?: number) =>
    run('kubectl', args, limit === undefined ? {} : { limit })
  const pods: string[] = []
  return {
    async open(journal) {
      await checkNodes(spec, config)
      for (const node of nodes) {
        journal.made('pod', `${spec.namespace}/${podOf(node)}`)
        pods.push(podOf(node))
        await kubectl(nodeShellArguments(spec, node))
      }
      const wait = [
        ...kubectlArguments(spec),
        `--namespace=${spec.namespace}`,
        'wait',
        '--for=condition=Ready',
        `--timeout=${POD_READY_LIMIT}s`,
      ]
      await kubectl([...wait, ...pods.map((pod) => `pod/${pod}`)], (POD_READY_LIMIT + 5) * 1_000)
    },
    run: async (machine, command) => void (await kubectl(execArguments(spec, nodeOf(machine), command))),
    says: (machine, command) => ['kubectl', ...execArguments(spec, nodeOf(machine), command).map(shellWord)].join(' '),
    async close() {
      if (pods.length > 0) await removeNodeShells(spec, pods.splice(0))
    },
    arms: armed,
  }
}
