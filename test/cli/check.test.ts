import { afterAll, describe, expect, it } from 'vitest'
import { Workspace } from './hasim.ts'

const space = new Workspace()
afterAll(() => space.remove())

const MODEL = `
name: little
zones: [a]
nodes: { control-plane: { count: 3, zones: [a] } }
etcd: { on: control-plane, version: "3.5" }
`
/** Two writes to the disk of a member are cut off and it is back within a second: no reason to break anything. */
const PLAN = `
plan: harmless
actions:
  - { at: 1s, do: crash, on: etcd-leader, for: 500ms }
check:
  settings: { seed: x, members: [a, b, c], version: "3.6", electionTick: 10, tickInterval: 100, preVote: true,
    checkQuorum: true, readOnlyOption: safe, asyncStorage: false, transport: streams, latency: 1, jitter: 0, loss: 0,
    duplicates: 0, fsync: 10, drift: 0, maxInflightMsgs: 256, entriesPerAppend: 0, writeEvery: 100, readEvery: 100,
    snapshotEvery: 0, keepEntries: 0, horizon: 3000 }
  steps:
    - { at: 2s, do: crash, on: b, for: 500ms, point: mid-write }
    - { at: 2500ms, do: add-learner, on: a }
`

describe('hasim check', () => {
  it('says how much it checked, the same for the same seed', async () => {
    space.write('model.yaml', MODEL)
    const run = () => space.hasim('check', 'model.yaml', '--runs', '5', '--seed', '1')
    const { code, stdout, stderr } = await run()
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^checked [1-9]\d+ steps in 5 runs: 0 violations\n$/)
    expect((await run()).stdout).toBe(stdout)
  })

  it('replays a plan', async () => {
    space.write('plan.yaml', PLAN)
    const { code, stdout } = await space.hasim('check', 'model.yaml', '--replay', 'plan.yaml')
    expect(stdout).toMatch(/^checked [1-9]\d+ steps in 1 runs: 0 violations\n$/)
    expect(code).toBe(0)
  })

  it('refuses what it cannot check, and a plan with mistakes', async () => {
    const parts = await space.hasim('check', 'parts.yaml')
    expect(parts.code).toBe(2)
    expect(parts.stderr).toContain('parts.yaml: has no etcd')
    space.write('plan.yaml', PLAN.replace('on: b', 'on: z'))
    const plan = await space.hasim('check', 'model.yaml', '--replay', 'plan.yaml')
    expect(plan.code).toBe(2)
    expect(plan.stderr).toMatch(/^plan\.yaml:\d+:\d+: check\.steps\[0\]\.on: z is not a member/)
  })
})
