import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { monotonicMs, sleep } from '../../src/adapter/clock.ts'
import { Journal } from '../../src/adapter/journal.ts'
import { LocalCluster } from '../../src/adapter/local/local-cluster.ts'
import { awaitSteady } from '../../src/adapter/steady.ts'
import { ms } from '../../src/base/units.ts'
import { Cluster } from '../../src/cluster/cluster.ts'
import type { ClusterConfig } from '../../src/cluster/config.ts'
import { ControlPort } from '../../src/cluster/control.ts'
import { RandomStreams } from '../../src/engine/random.ts'
import { Simulation } from '../../src/engine/simulation.ts'
import { readTarget } from '../../src/experiment/read-target.ts'
import type { LocalSpec } from '../../src/experiment/spec-target.ts'
import type { Operation } from '../../src/faults/operation.ts'
import type { ClusterFacts } from '../../src/faults/ports.ts'
import { SimulatedControl, SimulatedFacts } from '../../src/faults/simulated.ts'
import { readTextFile } from '../../src/host/files.ts'
import { readNamedFile } from '../../src/host/load-experiment.ts'
import { assertOk } from '../experiment/files.ts'

/** A cluster behind the two ports, in which time passes. */
export interface World {
  readonly config: ClusterConfig
  look(): Promise<ClusterFacts>
  begin(operations: readonly Operation[]): Promise<void>
  undo(operations: readonly Operation[]): Promise<void>
  pass(milliseconds: number): Promise<void>
  /** Whether a write at some member is answered at this moment. */
  writes(): Promise<boolean>
  /** Whether a write at the member of this machine is. */
  writesAt(machine: number): Promise<boolean>
  close(): Promise<void>
}

const TARGET = fileURLToPath(new URL('../../models/targets/local-3.yaml', import.meta.url))

/** The shipped target of three members, with another name so that nothing else is in its way. */
export function localTarget(name: string): { readonly spec: LocalSpec; readonly config: ClusterConfig } {
  const text = assertOk(readTextFile(TARGET)).replace('target: local-3', `target: ${name}-${process.pid}`)
  const { spec, config } = assertOk(readTarget(TARGET, text, readNamedFile))
  if (spec.kind !== 'local') throw new Error('a local target')
  return { spec, config }
}

/** Why a real cluster cannot be started here; null: it can. */
export function missingHere(...programs: readonly string[]): string | null {
  const missing = programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  return spawnSync('unshare', ['--net', 'true']).status === 0 ? null : 'no network namespaces here'
}

export async function simulatedWorld(config: ClusterConfig): Promise<World> {
  const simulation = new Simulation(new RandomStreams('ports', 1))
  const quiet = () => undefined
  const cluster = new Cluster(simulation, config, true, {
    settled: quiet,
    passesOver: () => false,
    etcdCampaigned: quiet,
    etcdElected: quiet,
    serverMarked: quiet,
    addressMoved: quiet,
    apiServerChanged: quiet,
  })
  const control = new SimulatedControl(new ControlPort(cluster))
  const facts = new SimulatedFacts(cluster)
  cluster.startEstablished()
  return {
    config,
    look: async () => facts.look(),
    begin: async (operations) => control.begin(operations),
    undo: async (operations) => control.undo(operations),
    async pass(milliseconds) {
      simulation.run(ms(simulation.now + milliseconds))
    },
    async writes() {
      cluster.answers.forget()
      return cluster.etcd.members.some((member) => cluster.answers.write(member, 200) === 'ok')
    },
    async writesAt(machine) {
      cluster.answers.forget()
      return cluster.answers.write(cluster.etcd.members[config.etcd.nodes.indexOf(machine)]!, 200) === 'ok'
    },
    async close() {},
  }
}

export async function realWorld(name: string): Promise<World> {
  const { spec, config } = localTarget(name)
  const directory = mkdtempSync(join(tmpdir(), 'hasim-ports-'))
  const journal = new Journal(join(directory, 'journal.jsonl'))
  const cluster = new LocalCluster(spec, config)
  try {
    await cluster.open(journal, () => false)
    await awaitSteady(cluster, config, 20_000, () => false)
  } catch (error) {
    await cluster.close()
    throw error
  }
  const answered = async (of: string): Promise<boolean> => {
    const since = monotonicMs()
    await sleep(400)
    return cluster.probesSince(since).some(({ series, outcome }) => series.startsWith(of) && outcome === 'ok')
  }
  return {
    config,
    look: () => cluster.look(),
    begin: async (operations) => void (await cluster.control.begin(operations)),
    undo: async (operations) => void (await cluster.control.undo(operations)),
    pass: sleep,
    writes: () => answered('etcd/'),
    writesAt: (machine) => answered(`etcd/${config.nodes[machine]!.name}`),
    async close() {
      await cluster.close()
      journal.close('gone')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
