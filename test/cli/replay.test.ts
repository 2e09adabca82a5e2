import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { missingHere } from '../adapter/worlds.ts'
import { expectNoStack, Workspace } from './hasim.ts'

const space = new Workspace()
afterAll(() => space.remove())
const shipped = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const PLAN = 'plan: quick\nactions:\n  - { at: 1m, do: crash, on: etcd-leader, for: 3s }\n'

/** Names on the whole machine are this process's own: what another run left behind is not in its way. */
const own = (name: string) => `${name}-${process.pid}`

/** A target of its own name, so that tests are not in each other's way. */
function target(name: string, change: (text: string) => string = (text) => text): string {
  const text = readFileSync(shipped('models/targets/local-3.yaml'), 'utf-8')
    .replace('target: local-3', `target: ${own(name)}`)
    .replace('../clusters/local-3.yaml', shipped('models/clusters/local-3.yaml'))
  return space.write(`${name}.yaml`, change(text))
}

/** Everything of a target that a machine could still have: processes, namespaces, files. */
function leftovers(name: string): string[] {
  const namespaces = spawnSync('ip', ['netns', 'list'], { encoding: 'utf-8' }).stdout.split('\n')
  const files = readdirSync(tmpdir())
  const processes = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => environmentOf(pid).includes(`HASIM_RUN=${own(name)}-`))
  return [...namespaces, ...files]
    .filter((one) => one.startsWith(`hasim-${own(name)}-`) || one.endsWith(`-${own(name)}.lock`))
    .concat(processes)
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf-8')
  } catch {
    return ''
  }
}

async function until(holds: () => boolean, limit = 60_000): Promise<void> {
  for (const end = Date.now() + limit; !holds(); ) {
    if (Date.now() > end) throw new Error('did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('hasim replay, before anything is touched', () => {
  it('wants a plan and a target', async () => {
    expect((await space.hasim('replay')).stderr).toContain('PLAN: a fault plan is missing')
    const { code, stderr } = await space.hasim('replay', space.write('plan.yaml', PLAN))
    expect([code, stderr]).toEqual([2, expect.stringContaining('--target: is missing')])
  })

  it('tells every problem of a target with its place', async () => {
    space.write('plan.yaml', PLAN)
    space.write('bad.yaml', 'target: bad\nkind: local\nmodle: x\n')
    const { code, stderr } = await space.hasim('replay', 'plan.yaml', '--target', 'bad.yaml')
    expect(code).toBe(2)
    expect(stderr).toMatch(/bad\.yaml:3:1: modle: unknown key.*did you mean model/)
    expect(stderr).toMatch(/bad\.yaml.*model/)
  })

  it('refuses targets of a plan that the model does not have', async () => {
    space.write('ghost.yaml', 'plan: ghost\nactions:\n  - { at: 1s, do: crash, on: etcd control-plane-9, for: 3s }\n')
    const { code, stderr } = await space.hasim('replay', 'ghost.yaml', '--target', target('ghosts'))
    expect(code).toBe(2)
    expect(stderr).toMatch(/ghost\.yaml:3:\d+: actions\[?\.?0.*control-plane-9/)
  })

  it('refuses to take away the quorum, or data, unless it is allowed to', async () => {
    space.write(
      'double.yaml',
      'plan: d\nactions:\n  - { at: 1s, do: crash, on: [etcd-leader, an etcd-follower], for: 3s }\n',
    )
    space.write('data.yaml', 'plan: d\nactions:\n  - { at: 1s, do: lose-disk, on: an etcd-follower, for: 3s }\n')
    const name = target('safe')
    for (const [plan, words] of [
      ['double.yaml', 'without a quorum'],
      ['data.yaml', 'destroys the data'],
    ] as const) {
      const { code, stderr } = await space.hasim('replay', plan, '--target', name)
      expect(code).toBe(6)
      expect(stderr).toContain(words)
      expect(stderr).toContain('--allow-quorum-loss')
    }
    expect(leftovers('safe')).toEqual([])
  })

  it('shows every command with --dry-run and does nothing', async () => {
    const plan = space.write('plan.yaml', PLAN)
    const { code, stdout } = await space.hasim('replay', plan, '--target', target('dry'), '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toMatch(/at 0 s: crash etcd-leader.*\n +kill -KILL/)
    expect(stdout).toContain('undone after 3 s:')
    expect(leftovers('dry')).toEqual([])
  })

  it('plays nothing on a cluster of somebody else without --yes', async () => {
    const plan = space.write('plan.yaml', PLAN)
    const remote = space.write(
      'shell.yaml',
      `target: theirs\nkind: shell\nmodel: ${shipped('models/clusters/local-3.yaml')}\nendpoints: { etcd: { control-plane-1: "http://127.0.0.1:1" } }\ncommands:\n  crash etcd: { do: "touch ${join(space.path, 'touched')}", undo: "true" }\n`,
    )
    const { code, stderr } = await space.hasim('replay', plan, '--target', remote)
    expect([code, stderr]).toEqual([6, expect.stringContaining('--yes')])
    const unreachable = await space.hasim('replay', plan, '--target', remote, '--yes')
    expect(unreachable.code).toBe(6)
    expect(unreachable.stderr).toContain('not in its steady state')
    expect(existsSync(join(space.path, 'touched'))).toBe(false)
  })

  it('says which program is missing', async () => {
    const plan = space.write('plan.yaml', PLAN)
    const other = target('without', (text) => `${text}binaries: { etcd: no-such-etcd }\nnetwork: loopback\n`)
    const { code, stderr } = await space.hasim('replay', plan, '--target', other)
    expect([code, stderr]).toEqual([7, expect.stringMatching(/no-such-etcd.*Debian: etcd-server/)])
    expect(leftovers('without')).toEqual([])
  })
})

const missing = missingHere('etcd', 'haproxy', 'iptables-restore', 'ip')
if (missing !== null) process.stderr.write(`SKIPPED: replays on a real cluster: ${missing}\n`)

describe.skipIf(missing !== null)('hasim replay, on a real cluster', () => {
  afterEach(() => {
    for (const name of ['twice', 'cut', 'killed']) expect(leftovers(name)).toEqual([])
  })

  it('plays, measures, compares, leaves nothing behind, and can be drawn again', async () => {
    const plan = space.write('plan.yaml', PLAN)
    const args = ['replay', plan, '--target', target('twice'), '--repeat', '2', '--out', 'twice', '--format', 'json']
    const { code, stdout, stderr } = await space.hasim(...args)
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('kill -KILL')
    const replay = JSON.parse(stdout)
    const name = own('twice')
    expect(replay).toMatchObject({ schema: 'hasim/replay@1', plan: 'quick', target: name, standIns: ['api-server'] })
    expect(replay.trials).toHaveLength(2)
    for (const { actions, transitions, outages } of replay.trials) {
      expect(actions[0]).toMatchObject({ atMs: 0, do: 'crash', on: expect.stringMatching(/^etcd control-plane-\d$/) })
      expect(actions[0].undoneAtMs).toBeGreaterThan(2_990)
      // The timeout is 10 to 19 ticks of 100 ms since the leader's last message.
      expect(transitions['etcd.detected']).toBeGreaterThan(800)
      expect(transitions['etcd.recovered']).toBeGreaterThanOrEqual(transitions['etcd.elected'])
      expect(outages.etcd[0].toMs - outages.etcd[0].fromMs).toBeGreaterThan(800)
    }
    expect(replay.predicted['etcd.recovered'].n).toBeGreaterThanOrEqual(1_000)
    expect(replay.measured['etcd.recovered'].n).toBe(2)
    expect(replay.score['etcd.recovered']).toMatchObject({
      ks: expect.any(Number),
      p: expect.any(Number),
      verdict: 'too few',
    })
    for (const name of ['replay.json', 'report.html', 'report.md', 'journal.jsonl']) {
      expect(existsSync(join(space.path, 'twice', name)), name).toBe(true)
    }
    const again = await space.hasim('report', 'twice', '--out', 'again')
    expect(again.code).toBe(0)
    expect(again.stdout).toContain(`quick was played 2 times on ${own('twice')}`)
    expect(space.read('again/report.html')).toContain('Predicted and measured')
    const undone = await space.hasim('replay', '--undo', 'twice/journal.jsonl')
    expect([undone.code, undone.stdout]).toEqual([0, expect.stringContaining('nothing is left to undo')])
  }, 120_000)

  it('undoes everything on Ctrl-C, and keeps what is finished', async () => {
    const plan = space.write('long.yaml', PLAN.replace('for: 3s', 'for: 60s'))
    const { child, ended } = space.start('replay', plan, '--target', target('cut'), '--out', 'cut')
    await until(
      () => existsSync(join(space.path, 'cut/journal.jsonl')) && space.read('cut/journal.jsonl').includes('"begins"'),
    )
    child.kill('SIGINT')
    const end = await ended
    expectNoStack(end)
    expect(end.code).toBe(130)
    expect(end.stderr).toContain('everything is being undone')
    expect(space.read('cut/journal.jsonl')).toMatch(/"undone"[\s\S]*"closed"/)
    expect(JSON.parse(space.read('cut/replay.json'))).toMatchObject({ partial: true, trials: [] })
  }, 120_000)

  it('refuses a second replay, and undoes one that was killed', async () => {
    const plan = space.write('long.yaml', PLAN.replace('for: 3s', 'for: 60s'))
    const name = target('killed')
    const { child, ended } = space.start('replay', plan, '--target', name, '--out', 'killed')
    await until(
      () =>
        existsSync(join(space.path, 'killed/journal.jsonl')) && space.read('killed/journal.jsonl').includes('"begins"'),
    )
    const second = await space.hasim('replay', plan, '--target', name, '--out', 'second')
    expect([second.code, second.stderr]).toEqual([6, expect.stringContaining('another hasim')])
    const early = await space.hasim('replay', '--undo', 'killed/journal.jsonl')
    expect([early.code, early.stderr]).toEqual([6, expect.stringContaining('still runs')])
    child.kill('SIGKILL')
    await ended
    expect(leftovers('killed').length).toBeGreaterThan(3)
    const third = await space.hasim('replay', plan, '--target', name, '--out', 'third')
    expect([third.code, third.stderr]).toEqual([6, expect.stringContaining('killed/journal.jsonl')])
    const undone = await space.hasim('replay', '--undo', 'killed/journal.jsonl')
    expect(undone.code).toBe(0)
    expect(undone.stdout).toContain(`removed hasim-${own('killed')}-`)
  }, 120_000)
})
