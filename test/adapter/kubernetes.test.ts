import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { objectTranslator } from '../../src/adapter/remote/chaos-objects.ts'
import { translate } from '../../src/adapter/remote/commands.ts'
import { armed, execArguments, KUBEADM_COMMANDS, nodeShellArguments } from '../../src/adapter/remote/kubernetes.ts'
import { nodeStates, podStates } from '../../src/adapter/remote/objects-watch.ts'
import { readTarget } from '../../src/experiment/read-target.ts'
import type { KubernetesSpec } from '../../src/experiment/spec-target.ts'
import type { Operation } from '../../src/faults/operation.ts'
import { assertOk, readFrom } from '../experiment/files.ts'

const directory = mkdtempSync(join(tmpdir(), 'hasim-kubernetes-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Groups of the tools' custom resources. */
const TOOLS = [
  { group: 'chaos-mesh.org', kinds: ['PodChaos', 'NetworkChaos', 'IOChaos'] },
  { group: 'litmuschaos.io', kinds: ['ChaosEngine'] },
]

function groupOf({ group }: (typeof TOOLS)[number]): object {
  const version = { groupVersion: `${group}/v1alpha1`, version: 'v1alpha1' }
  return { name: group, versions: [version], preferredVersion: version }
}

const path = 'models/targets/kubernetes-example.yaml'
const { spec: anySpec, config } = assertOk(readTarget(path, assertOk(readFrom()(path)), readFrom()))
if (anySpec.kind !== 'kubernetes') throw new Error('a Kubernetes target')
const spec: KubernetesSpec = anySpec

/** What kubectl asks of a server before it knows what a pod is. */
async function discovery(): Promise<{ readonly url: string; readonly close: () => void }> {
  const pods = { name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['create', 'get'] }
  const answers: { [path: string]: object } = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: TOOLS.map(groupOf) },
    '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: [pods] },
  }
  for (const { group, kinds } of TOOLS) {
    const resources = kinds.map((kind) => ({
      ...pods,
      name: kind.toLowerCase(),
      singularName: kind.toLowerCase(),
      kind,
    }))
    answers[`/apis/${group}/v1alpha1`] = { kind: 'APIResourceList', groupVersion: `${group}/v1alpha1`, resources }
  }
  const server = createServer((request, response) => {
    const answer = answers[request.url?.split('?')[0] ?? '']
    response
      .writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  const port = typeof at === 'object' && at !== null ? at.port : 0
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() }
}

const kubectl = spawnSync('sh', ['-c', 'command -v kubectl']).status === 0
if (!kubectl) process.stderr.write('SKIPPED: the commands of Kubernetes targets: kubectl is not installed\n')

describe.skipIf(!kubectl)('the commands of Kubernetes targets', () => {
  it('make a pod that kubectl takes: privileged, on its node, in the namespaces of the host', async () => {
    const server = await discovery()
    const args = [`--server=${server.url}`, ...nodeShellArguments(spec, 'cp1'), '--dry-run=client', '--output=json']
    const { stdout } = await promisify(execFile)('kubectl', args).finally(server.close)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'Pod',
      metadata: { name: 'hasim-cp1', namespace: 'kube-system' },
      spec: {
        nodeName: 'cp1',
        hostPID: true,
        hostNetwork: true,
        restartPolicy: 'Never',
        containers: [{ command: ['sleep', '86400'], securityContext: { privileged: true } }],
      },
    })
  })

  it('run in the shell of the node, word for word', () => {
    expect(execArguments(spec, 'cp1', 'mv a b')).toEqual([
      '--namespace=kube-system',
      'exec',
      'hasim-cp1',
      '--',
      'nsenter',
      '--target',
      '1',
      '--mount',
      '--uts',
      '--ipc',
      '--net',
      '--pid',
      '--',
      'sh',
      '-c',
      'mv a b',
    ])
  })

  it('take a static pod away and bring it back, alone if nobody is left to ask', () => {
    const manifests = join(directory, 'manifests')
    const translated = translate(
      { kind: 'process-down', process: 'etcd', machine: 0, graceful: true },
      config,
      KUBEADM_COMMANDS,
      [],
    )
    if ('cannot' in translated) throw new Error(translated.cannot)
    const local = (command: string) =>
      command
        .replaceAll('/etc/kubernetes/manifests', manifests)
        .replaceAll('/etc/kubernetes/hasim', join(directory, 'aside'))
    const [command] = translated.commands
    spawnSync('mkdir', ['-p', manifests])
    writeFileSync(join(manifests, 'etcd.yaml'), 'kind: Pod\n')
    const there = () => spawnSync('test', ['-e', join(manifests, 'etcd.yaml')]).status === 0
    const run = spawnSync('sh', ['-c', local(armed(command!, 600))])
    expect([run.status, there()]).toEqual([0, false])
    spawnSync('sleep', ['1.5'])
    expect(there()).toBe(true)
    // Undoing what has been undone changes nothing.
    expect(spawnSync('sh', ['-c', local(command!.undo!)]).status).toBe(0)
    expect(there()).toBe(true)
  })
})

const OPERATIONS: readonly Operation[] = [
  { kind: 'process-down', process: 'etcd', machine: 0, graceful: false },
  { kind: 'process-down', process: 'api-server', machine: 1, graceful: true },
  { kind: 'machine-down', machine: 0, graceful: false, reboot: true },
  { kind: 'pause', process: 'etcd', machine: 0 },
  { kind: 'cut', from: 0, to: 1 },
  { kind: 'delay', from: 0, to: 1, by: 50 },
  { kind: 'lose', from: 0, to: 1, share: 0.25 },
  { kind: 'slow-disk', machine: 2, by: 200 },
  { kind: 'lose-disk', machine: 0 },
]
const CASES = (['chaos-mesh', 'litmus'] as const).flatMap((faults) =>
  OPERATIONS.map((operation) => ({ faults, operation, name: `${faults}: ${JSON.stringify(operation)}` })),
)

/** The object in `kubectl apply --filename=- <<'END'`. */
const objectIn = (command: string) => JSON.parse(command.split('\n')[1]!)

describe('the objects of Chaos Mesh and LitmusChaos', () => {
  const on = (faults: 'chaos-mesh' | 'litmus', operation: Operation, lasts: number | null = 12_500) =>
    objectTranslator({ ...spec, faults }, config)(operation, lasts)

  it.each(CASES)('$name is one that ends by itself and can be deleted, or is refused', ({ faults, operation }) => {
    const translated = on(faults, operation)
    if ('cannot' in translated) {
      expect(translated.cannot).toMatch(/Chaos/)
      return
    }
    const { do: begin, undo } = translated.commands[0]!
    const { apiVersion, kind, metadata, spec: body } = objectIn(begin)
    expect(metadata.name).toMatch(/^hasim-[a-z0-9-]{1,57}$/)
    expect(undo).toContain(`delete ${kind.toLowerCase()} ${metadata.name} --namespace=${metadata.namespace}`)
    // Undone by whoever comes after, who is not told how long it was to last.
    expect(on(faults, operation, null)).toMatchObject({ commands: [{ undo }] })
    if (faults === 'litmus') {
      expect([apiVersion, kind]).toEqual(['litmuschaos.io/v1alpha1', 'ChaosEngine'])
      const env = Object.fromEntries(
        body.experiments[0].spec.components.env.map((one: { name: string; value: string }) => [one.name, one.value]),
      )
      expect(env).toMatchObject({ TOTAL_CHAOS_DURATION: '13' })
    } else {
      expect(apiVersion).toBe('chaos-mesh.org/v1alpha1')
      // Required by the published definitions of all three kinds.
      expect(body).toMatchObject({ action: expect.any(String), mode: 'all', selector: { pods: expect.anything() } })
      expect(body.duration).toBe(kind === 'PodChaos' ? undefined : '12500ms')
    }
  })

  it('are refused for clients outside, who are no pods', () => {
    const outside = config.nodes.length
    expect(on('chaos-mesh', { kind: 'cut', from: outside, to: 0 })).toMatchObject({ cannot: expect.any(String) })
  })

  it('name pods by the nodes of the target, not by the machines of the model', () => {
    const translated = on('chaos-mesh', { kind: 'cut', from: 0, to: 1 })
    if ('cannot' in translated) throw new Error(translated.cannot)
    expect(objectIn(translated.commands[0]!.do).spec).toEqual({
      action: 'partition',
      mode: 'all',
      selector: { namespaces: ['kube-system'], pods: { 'kube-system': ['etcd-cp1'] } },
      direction: 'to',
      target: { mode: 'all', selector: { namespaces: ['kube-system'], pods: { 'kube-system': ['etcd-cp2'] } } },
      duration: '12500ms',
    })
  })

  it.skipIf(!kubectl).each(CASES)('$name is taken by kubectl', async ({ faults, operation }) => {
    const translated = on(faults, operation)
    if ('cannot' in translated) return
    const server = await discovery()
    const command = translated.commands[0]!.do.replace(
      'kubectl apply',
      `kubectl --server=${server.url} apply --dry-run=client --validate=false`,
    )
    const { stdout } = await promisify(execFile)('sh', ['-c', command]).finally(server.close)
    expect(stdout).toMatch(/ created \(dry run\)/)
  })
})

describe('what the Kubernetes API says', () => {
  it('of nodes is the status that kubectl shows', () => {
    const node = (name: string, status: string) => ({
      metadata: { name },
      status: {
        conditions: [
          { type: 'MemoryPressure', status: 'False' },
          { type: 'Ready', status },
        ],
      },
    })
    expect(nodeStates({ items: [node('a', 'True'), node('b', 'False'), node('c', 'Unknown')] })).toEqual({
      'node/a': 'Ready',
      'node/b': 'NotReady',
      'node/c': 'Unknown',
    })
  })

  it('of pods is phase, readiness and restarts', () => {
    const containerStatuses = [
      { ready: true, restartCount: 2 },
      { ready: false, restartCount: 1 },
    ]
    const items = [
      { metadata: { name: 'p' }, status: { phase: 'Running', containerStatuses } },
      { metadata: { name: 'q' } },
    ]
    expect(podStates({ items })).toEqual({
      'pod/p': 'Running, 1 of 2 ready, 3 restarts',
      'pod/q': 'Unknown, 0 of 0 ready, 0 restarts',
    })
  })
})
