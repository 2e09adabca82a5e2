import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Journal, readJournal } from '../../src/adapter/journal.ts'
import { isAlive, lockTarget, unlockTarget } from '../../src/adapter/lock.ts'
import { dangersOf } from '../../src/adapter/quorum.ts'
import { translate } from '../../src/adapter/remote/commands.ts'
import { readPlan } from '../../src/experiment/plan.ts'
import { readTarget } from '../../src/experiment/read-target.ts'
import { SYSTEMD_COMMANDS } from '../../src/faults/commands.ts'
import type { Operation } from '../../src/faults/operation.ts'
import { assertOk, readFrom } from '../experiment/files.ts'
import { shippedCluster } from './shipped.ts'

const directory = mkdtempSync(join(tmpdir(), 'hasim-guards-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('a plan is dangerous', () => {
  const dangers = (members: string, ...actions: readonly string[]) => {
    const text = `plan: p\nactions:\n${actions.map((action) => `  - { ${action} }\n`).join('')}`
    return dangersOf(assertOk(readPlan('p.yaml', text)), shippedCluster(members))
  }

  it.each([
    ['stacked-3', ['at: 0, do: crash, on: etcd-leader, for: 10s'], false],
    ['stacked-3', ['at: 0, do: crash, on: [etcd-leader, an etcd-follower], for: 10s'], true],
    ['stacked-5', ['at: 0, do: crash, on: [etcd-leader, an etcd-follower], for: 10s'], false],
    [
      'stacked-5',
      [
        'at: 0, do: isolate, on: etcd-leader, for: 10s',
        'at: 1s, do: pause, on: etcd-leader, for: 10s',
        'at: 2s, do: crash, on: etcd-leader, for: 1s',
      ],
      true,
    ],
    [
      'stacked-3',
      ['at: 0, do: crash, on: etcd-leader, for: 10s', 'at: 10s, do: crash, on: etcd-leader, for: 10s'],
      false,
    ],
    ['stacked-3', ['at: 0, do: crash, on: etcd-leader', 'at: 10m, do: crash, on: etcd-leader, for: 10s'], true],
    [
      'stacked-3',
      [
        'at: 0, do: cut, on: control-plane-1, from: [control-plane-2, control-plane-3], for: 10s',
        'at: 1s, do: stop, on: control-plane-2, for: 1s',
      ],
      true,
    ],
    ['stacked-3', ['at: 0, do: cut, on: control-plane-1, from: control-plane-2, for: 10s'], false],
    ['stacked-3', ['at: 0, do: isolate, on: zone a, for: 10s'], false],
    ['two-zones', ['at: 0, do: isolate, on: zone a, for: 10s'], true],
    ['stacked-5', ['at: 0, do: lose-disk, on: an etcd-follower, for: 10s'], true],
    [
      'stacked-3',
      [
        'at: 0, do: crash, on: the preferred api-server, for: 10s',
        'at: 0, do: pause, on: balancer balancer-1, for: 1s',
      ],
      false,
    ],
  ] as const)('%s: %j: %s', (cluster, actions, dangerous) => {
    expect(dangers(cluster, ...actions).length > 0).toBe(dangerous)
  })
})

describe('a journal', () => {
  const fault: Operation = { kind: 'pause', process: 'etcd', machine: 0 }
  const header = {
    kind: 'replay',
    schema: 'hasim/journal@1',
    target: 't',
    targetFile: 't.yaml',
    plan: 'p.yaml',
    pid: 1,
  } as const

  it('tells what is still to be undone, the latest first, though its last line was cut off', () => {
    const path = join(directory, 'journal.jsonl')
    const journal = new Journal(path)
    journal.write(header)
    journal.made('directory', '/x')
    const ids = [1, 2, 3].map((machine) =>
      journal.begins({ operations: [{ ...fault, machine }], lasts: null }, ['kill -CONT']),
    )
    journal.undone(ids[1]!)
    appendFileSync(path, '{"kind":"und')
    const { begun, made, closed } = readJournal(path)
    expect(begun.map(({ operations }) => operations)).toEqual([[{ ...fault, machine: 3 }], [{ ...fault, machine: 1 }]])
    expect(made).toEqual([{ kind: 'made', what: 'directory', name: '/x' }])
    expect(closed).toBe(false)
  })

  it('is told from other files', () => {
    const path = join(directory, 'other.json')
    writeFileSync(path, '{"schema":"hasim/result@1"}\n')
    expect(() => readJournal(path)).toThrow('no journal of a replay')
    expect(() => readJournal(join(directory, 'nowhere'))).toThrow('cannot be read')
  })
})

describe('a target', () => {
  it('is locked by one replay at a time, and one that died says how to go on', () => {
    const name = `guards-${process.pid}`
    lockTarget(name, '/j')
    expect(() => lockTarget(name, '/j')).toThrow('another hasim')
    unlockTarget(name)
    const dead = spawnSync('true').pid
    expect(isAlive(dead)).toBe(false)
    writeFileSync(
      join(tmpdir(), `hasim-${process.getuid?.()}-${name}.lock`),
      JSON.stringify({ pid: dead, journal: '/j' }),
    )
    expect(() => lockTarget(name, '/k')).toThrow('hasim replay --undo /j')
    unlockTarget(name)
  })

  it.each(['ssh', 'kubernetes', 'shell'])('of the shipped examples, %s, can be read', (kind) => {
    const path = `models/targets/${kind}-example.yaml`
    const read = readFrom()
    const target = assertOk(readTarget(path, assertOk(read(path)), read))
    expect(target.spec.kind).toBe(kind)
  })

  it('must name machines of its model, all of them', () => {
    const text =
      'target: t\nkind: ssh\nmodel: models/clusters/local-3.yaml\nhosts: { control-plane-1: { host: a }, control-plan-2: { host: b } }\n'
    expect(readTarget('t.yaml', text, readFrom())).toMatchObject({
      ok: false,
      problems: [
        { path: 'hosts.control-plan-2', message: expect.stringContaining('did you mean control-plane-2') },
        { path: 'hosts', message: expect.stringContaining('control-plane-3, balancer-1') },
      ],
    })
  })
})

describe('operations as commands', () => {
  const cluster = shippedCluster('local-3')
  const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3', null]
  const on = (operation: Operation) => translate(operation, cluster, SYSTEMD_COMMANDS, addresses)

  it('are what an operator would type, with an undoing', () => {
    expect(on({ kind: 'process-down', process: 'etcd', machine: 0, graceful: true })).toEqual({
      commands: [{ machine: 0, do: 'systemctl stop etcd', undo: 'systemctl start etcd' }],
    })
    expect(on({ kind: 'cut', from: 1, to: 2 })).toEqual({
      commands: [
        { machine: 2, do: 'iptables -I INPUT -s 10.0.0.2 -j DROP', undo: 'iptables -D INPUT -s 10.0.0.2 -j DROP' },
      ],
    })
    // Clients are cut off by their ports: the operator's own connection lives.
    expect(on({ kind: 'cut', from: 4, to: 0 })).toMatchObject({
      commands: [{ machine: 0, do: expect.stringContaining('--dports 2379,6443') }],
    })
    expect(on({ kind: 'slow-disk', machine: 0, by: 200 })).toMatchObject({
      commands: [{ do: expect.stringContaining('delay_exit=200000') }],
    })
  })

  it('are refused where there are none, with the reason', () => {
    expect(on({ kind: 'machine-down', machine: 0, graceful: false, reboot: false })).toEqual({
      cannot: expect.stringContaining('"crash machine"'),
    })
    expect(on({ kind: 'cut', from: 3, to: 0 })).toEqual({ cannot: expect.stringContaining('address of balancer-1') })
  })
})
