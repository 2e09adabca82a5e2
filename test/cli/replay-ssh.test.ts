import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingHere } from '../adapter/worlds.ts'
import { MACHINES, SshLab, until } from './ssh-lab.ts'

const PLAN = 'plan: quick\nactions:\n  - { at: 1m, do: crash, on: etcd-leader, for: 4s }\n'

const missing = missingHere('sshd', 'ssh', 'ssh-keygen', 'etcd')
if (missing !== null) process.stderr.write(`SKIPPED: replays over ssh: ${missing}\n`)

const lab = new SshLab()
beforeAll(async () => {
  if (missing === null) await lab.start()
}, 60_000)
afterAll(() => lab.stop())

describe.skipIf(missing !== null)('hasim replay over ssh', () => {
  it('plays by commands on hosts, measures by their endpoints, and undoes', async () => {
    const plan = lab.space.write('plan.yaml', PLAN)
    const { code, stdout, stderr } = await lab.space.hasim(
      'replay',
      plan,
      '--target',
      'lab.yaml',
      '--yes',
      '--out',
      'over-ssh',
      '--format',
      'json',
    )
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/ssh -F \S+ssh_config box-node-1 'kill -KILL/)
    const replay = JSON.parse(stdout)
    expect(replay).toMatchObject({ kind: 'ssh', standIns: [], partial: false })
    const [{ transitions, actions }] = replay.trials
    expect(transitions['etcd.elected']).toBeGreaterThan(700)
    expect(transitions['etcd.recovered']).toBeGreaterThan(700)
    expect(actions[0].undoneAtMs).toBeGreaterThan(3_900)
    expect(lab.running).toEqual(MACHINES)
  }, 120_000)

  it('finishes the undoing of a replay that was killed', async () => {
    const plan = lab.space.write('long.yaml', PLAN.replace('for: 4s', 'for: 100s'))
    const { child, ended } = lab.space.start('replay', plan, '--target', 'lab.yaml', '--yes', '--out', 'killed')
    await until(() => lab.running.length === 2, 60_000)
    child.kill('SIGKILL')
    await ended
    expect(lab.running).toHaveLength(2)
    const undone = await lab.space.hasim('replay', '--undo', 'killed/journal.jsonl')
    expect([undone.code, undone.stdout]).toEqual([0, expect.stringContaining('start-')])
    await until(() => lab.running.length === 3)
  }, 120_000)

  it('keeps what cannot be undone in the journal, and the target locked, until it is', async () => {
    const plan = lab.space.write(
      'twice.yaml',
      `${PLAN.replace('crash', 'pause').replace('for: 4s', 'for: 1s')}  - { at: 61s, do: crash, on: an etcd-follower, for: 30s }\n`,
    )
    const target = (undo: string) =>
      lab.space.write('stuck.yaml', `${lab.target('stuck', 'box-')}  pause etcd: { do: "true", undo: "${undo}" }\n`)
    target('false')
    const args = ['--target', 'stuck.yaml', '--yes', '--allow-quorum-loss']
    const failed = await lab.space.hasim('replay', plan, ...args, '--out', 'stuck')
    expect([failed.code, failed.stderr]).toEqual([6, expect.stringContaining('NOT undone')])
    // The other fault was undone all the same.
    await until(() => lab.running.length === 3)
    const again = await lab.space.hasim('replay', plan, ...args, '--out', 'again')
    expect([again.code, again.stderr]).toEqual([
      6,
      expect.stringMatching(/cut off; finish it with: hasim replay --undo .*stuck/),
    ])
    expect((await lab.space.hasim('replay', '--undo', 'stuck/journal.jsonl')).code).toBe(6)
    target('true')
    expect((await lab.space.hasim('replay', '--undo', 'stuck/journal.jsonl')).code).toBe(0)
    expect((await lab.space.hasim('replay', '--undo', 'stuck/journal.jsonl')).stdout).toContain(
      'nothing is left to undo',
    )
  }, 120_000)
})

describe.skipIf(missing !== null)('hasim replay over ssh, where it must not begin,', () => {
  it('touches nothing when a host does not let us in, or is not there', async () => {
    const plan = lab.space.write('plan.yaml', PLAN)
    lab.space.write('elsewhere.yaml', lab.target('elsewhere', 'nowhere.invalid-'))
    const { code, stderr } = await lab.space.hasim(
      'replay',
      plan,
      '--target',
      'elsewhere.yaml',
      '--yes',
      '--out',
      'refused',
    )
    expect([code, stderr]).toEqual([
      6,
      expect.stringMatching(/refused: not every host lets us in: node-1 \(nowhere\.invalid-node-1\)/),
    ])
    expect(lab.running).toEqual(MACHINES)
  }, 60_000)

  it('touches nothing when the cluster is not well before', async () => {
    const plan = lab.space.write('plan.yaml', PLAN)
    const [victim] = lab.running
    process.kill(lab.pidOf(victim!)!, 'SIGKILL')
    await until(() => lab.running.length === 2)
    const { code, stderr } = await lab.space.hasim('replay', plan, '--target', 'lab.yaml', '--yes', '--out', 'ill')
    expect([code, stderr]).toEqual([6, expect.stringContaining(`etcd on ${victim} does not answer`)])
    expect(lab.running).toHaveLength(2)
    lab.startMember(victim!)
  }, 60_000)
})
