import { z } from 'zod'
import { COMMAND_NAMES } from '../faults/commands.ts'
import { mapping, name, positiveDuration } from './spec-words.ts'

const word = z.string().min(1)

const probes = mapping({
  'etcd-every': positiveDuration.default(10).describe('Between two writes at members, which take turns (10ms).'),
  'balancer-every': positiveDuration
    .default(20)
    .describe('Between two writes, and between two reads, through the balancer (20ms).'),
  'status-every': positiveDuration.default(100).describe('Between two looks at the status of each member (100ms).'),
  timeout: positiveDuration.default(1_000).describe('After this a client gives up; what became of it is unknown (1s).'),
})

const common = {
  target: name.describe('Its name.'),
  description: z.string().optional(),
  model: word.describe('The cluster model that predicts it: a file, relative to this one.'),
  probes: probes.prefault({}),
}

const local = mapping({
  ...common,
  kind: z.literal('local').describe("Starts the model's cluster on this machine."),
  network: z
    .enum(['auto', 'namespaces', 'loopback'])
    .default('auto')
    .describe('namespaces: one a machine (needs root). loopback: addresses of 127.0.0.0/8; nothing can be cut there.'),
  binaries: mapping({
    etcd: word.default('etcd'),
    etcdctl: word.default('etcdctl'),
    haproxy: word.default('haproxy'),
    keepalived: word.default('keepalived'),
    'kube-apiserver': word.optional().describe('Left out: a stand-in in front of etcd, and the report says so.'),
    'kube-controller-manager': word.optional(),
    'kube-scheduler': word.optional(),
  })
    .prefault({})
    .describe('Names on the PATH, or paths.'),
  'etcd-flags': z.array(word).default([]).describe('More flags for etcd, after those that the model gives.'),
  directory: word.optional().describe("Where data and logs are while it runs; left out: the system's temporary one."),
})

/** What is done to begin and to undo a fault; words in braces are filled in. */
const step = mapping({
  do: word,
  undo: word.optional().describe('Left out: it comes back by itself (a reboot).'),
})

const commands = z
  .partialRecord(z.enum(COMMAND_NAMES), step)
  .default({})
  .describe(
    'Commands instead of the usual ones, or where there are none: {machine}, {address}, {other}, {by}, {share}.',
  )

const request = mapping({
  url: word,
  method: word.default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  'bearer-token-file': word.optional().describe('A file of yours with a token; it is read when the replay begins.'),
  body: z.string().optional(),
})

const endpoints = mapping({
  etcd: z.record(z.string(), word).default({}).describe("Client URL of each machine's member."),
  write: request.optional().describe('A write through the balancer.'),
  read: request.optional().describe('A linearizable read through the balancer.'),
  'haproxy-stats': z
    .record(z.string(), word)
    .default({})
    .describe("Command that prints `show stat` of each balancer machine's HAProxy."),
  ca: word.optional().describe('File with the certificate authority of the URLs above.'),
  cert: word.optional().describe('File with a client certificate, and'),
  key: word.optional().describe('with its key. Files stay where they are; nothing of them is written anywhere.'),
})

const outside = { ...common, endpoints: endpoints.prefault({}), commands }

const ssh = mapping({
  ...outside,
  kind: z.literal('ssh').describe('Hosts with systemd units, by the system ssh and its configuration.'),
  hosts: z
    .record(
      z.string(),
      mapping({
        host: word.describe('As you would write after `ssh`.'),
        address: word.optional().describe('Its address in the cluster, for cuts.'),
      }),
    )
    .describe("For each of the model's machines."),
  'ssh-options': z.array(word).default([]).describe('Such as -F FILE, -p 2222, -i KEY, -o NAME=VALUE.'),
  sudo: z.boolean().default(true).describe('Whether commands are run through `sudo -n`.'),
})

const kubernetes = mapping({
  ...outside,
  kind: z.literal('kubernetes').describe("kubeadm's static pods."),
  faults: z
    .enum(['node-shell', 'chaos-mesh', 'litmus'])
    .default('node-shell')
    .describe('Manifests moved away and back through a node shell, or objects of a tool that is installed there.'),
  kubeconfig: word.optional().describe("Left out: kubectl's own choice."),
  context: word.optional(),
  nodes: z
    .record(z.string(), mapping({ node: word, address: word.optional() }))
    .describe("For each of the model's machines."),
  namespace: name.default('kube-system').describe('Where the pods are made.'),
  image: word.default('busybox:stable').describe('Of the node shell; it must have sh, nsenter and sleep.'),
})

const shell = mapping({
  ...outside,
  kind: z.literal('shell').describe('Any commands, run by sh on this machine.'),
  addresses: z.record(z.string(), word).default({}).describe('Of machines, for {address} and {other}.'),
})

/** A real cluster: what it is, how it is reached, and the model that predicts it. */
export const targetSpec = z.discriminatedUnion('kind', [local, ssh, kubernetes, shell])
export type TargetSpec = z.output<typeof targetSpec>
export type LocalSpec = z.output<typeof local>
export type SshSpec = z.output<typeof ssh>
export type KubernetesSpec = z.output<typeof kubernetes>
