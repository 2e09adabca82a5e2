import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { RealCluster } from '../../src/adapter/cluster.ts'
import { readJournal } from '../../src/adapter/journal.ts'
import { lockTarget, unlockTarget } from '../../src/adapter/lock.ts'
import { Refusal } from '../../src/adapter/refusal.ts'
import { translate } from '../../src/adapter/remote/commands.ts'
import { armed } from '../../src/adapter/remote/kubernetes.ts'
import { type Reach, RemoteCluster } from '../../src/adapter/remote/remote-cluster.ts'
import { readTarget } from '../../src/experiment/read-target.ts'
import { SYSTEMD_COMMANDS } from '../../src/faults/commands.ts'
import type { Operation } from '../../src/faults/operation.ts'
import { loadReplay, playReplay, type ReadyReplay } from '../../src/host/run-replay.ts'
import { assertOk, readFrom } from '../experiment/files.ts'

const directory = mkdtempSync(join(tmpdir(), 'hasim-undo-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const shipped = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

describe('an undoing that fails on a machine', () => {
  const PATH = 'models/targets/ssh-example.yaml'
  const { spec, config } = assertOk(readTarget(PATH, assertOk(readFrom()(PATH)), readFrom()))
  const stop: Operation = { kind: 'process-down', process: 'etcd', machine: 0, graceful: true }

  function cluster(arms: Reach['arms']): RemoteCluster {
    if (spec.kind === 'local') throw new Error('a target somewhere else')
    const reach: Reach = {
      open: async () => {},
      run: async () => Promise.reject(new Refusal('nobody answers')),
      says: (_, command) => command,
      close: async () => {},
      arms,
    }
    return new RemoteCluster(spec, config, (one) => translate(one, config, SYSTEMD_COMMANDS, []), reach)
  }

  it('is told, so that the journal keeps it', async () => {
    await expect(cluster(null).undo([stop], 5_000)).rejects.toThrow('could not be undone: nobody answers')
  })

  it('is nothing where the machine undoes it by itself, and only there', async () => {
    await expect(cluster(armed).undo([stop], 5_000)).resolves.toBeGreaterThan(0)
    await expect(cluster(armed).undo([stop], null)).rejects.toThrow('could not be undone: nobody answers')
  })
})

describe('a cluster that cannot be left', () => {
  function replay(closes: () => Promise<void>): ReadyReplay {
    const ready = loadReplay({
      planFile: shipped('experiments/plans/leader-crash.yaml'),
      targetFile: shipped('models/targets/local-3.yaml'),
      repeat: 1,
      seed: null,
      out: directory,
      allowQuorumLoss: false,
      sets: [],
    })
    const spec = { ...ready.target.spec, target: `undo-${process.pid}` }
    const open = () => Promise.reject(new Refusal('the cluster does not come up'))
    const cluster = { open, close: closes } as unknown as RealCluster
    return { ...ready, target: { ...ready.target, spec }, cluster }
  }
  const name = `undo-${process.pid}`
  const path = join(directory, 'journal.jsonl')
  const said: string[] = []
  const play = (closes: () => Promise<void>) =>
    playReplay(replay(closes), { says: (words) => said.push(words), stops: () => false })

  it('hides nothing of what ended the replay, and stays locked until it is undone', async () => {
    const played = play(() => Promise.reject(new Refusal('a pod cannot be removed')))
    await expect(played).rejects.toThrow('the cluster does not come up')
    expect(said.at(-1)).toContain(`finish it with hasim replay --undo ${path}`)
    expect(readJournal(path)).toMatchObject({ closed: false, header: { target: name } })
    expect(() => lockTarget(name, path)).toThrow('another hasim')
    unlockTarget(name)
  })

  it('is free again once it has been left', async () => {
    await expect(play(async () => {})).rejects.toThrow('the cluster does not come up')
    expect(readJournal(path).closed).toBe(true)
    lockTarget(name, path)
    unlockTarget(name)
  })
})
