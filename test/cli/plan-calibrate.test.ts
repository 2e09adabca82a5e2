import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { Workspace } from './hasim.ts'

const space = new Workspace()
afterAll(() => space.remove())
const shipped = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const MODEL = shipped('models/clusters/stacked-3.yaml')

describe('hasim plan', () => {
  it('lists the scenarios, and writes one', async () => {
    const { stdout } = await space.hasim('plan', '--list')
    expect(stdout.trim().split('\n').length).toBeGreaterThanOrEqual(14)
    const plan = await space.hasim('plan', MODEL, '--scenario', 'leader-crash')
    expect(plan.stdout).toMatch(
      /^plan: leader-crash\n.*\nactions:\n {2}- \{ at: 1m, do: crash, on: etcd-leader, for: 10s \}\n$/,
    )
  })

  it('writes the same random plan for the same seed, which the model can play', async () => {
    const [a, b, c] = await Promise.all(['7', '7', '8'].map((seed) => space.hasim('plan', MODEL, '--seed', seed)))
    expect(a!.stdout).toBe(b!.stdout)
    expect(a!.stdout).not.toBe(c!.stdout)
    space.write('random.yaml', a!.stdout)
    space.write(
      'play.yaml',
      `model: ${MODEL}\nservices: [write]\nrun: { faults: random.yaml, start: all-up, horizon: 20m, replications: 5 }\n`,
    )
    expect((await space.hasim('run', 'play.yaml', '--quiet')).code).toBe(0)
  })

  it('makes a plan of an outage that brings about an outage of the same kind', async () => {
    space.write(
      'years.yaml',
      `model: ${MODEL}\nservices: [write]\nrun: { replications: 30, seed: plans, horizon: 5y }\n`,
    )
    const run = await space.hasim('run', 'years.yaml', '--format', 'json', '--quiet')
    const [worst] = JSON.parse(run.stdout).variants[0].worstOutages
    const { code, stdout } = await space.hasim('plan', 'years.yaml', '--outage', worst.id, '--shorten', '2m')
    expect(code).toBe(0)
    expect(stdout).toContain(`What was down in ${worst.id} of years`)
    space.write('outage.yaml', stdout)
    space.write(
      'again.yaml',
      `model: ${MODEL}\nservices: [write]\nrun: { faults: outage.yaml, start: all-up, horizon: 30m, replications: 3 }\n`,
    )
    const again = JSON.parse((await space.hasim('run', 'again.yaml', '--format', 'json', '--quiet')).stdout)
    expect(again.variants[0].worstOutages[0].mechanism).toBe(worst.mechanism)
  })

  it('exports, and says on standard error what is lost', async () => {
    const args = ['plan', shipped('experiments/plans/leader-pause.yaml'), '--model', MODEL, '--as', 'chaos-mesh']
    const { code, stdout, stderr } = await space.hasim(...args)
    expect(code).toBe(0)
    expect(stdout).toContain('chaos-mesh.org/v1alpha1')
    expect(stderr).toContain('not in the export: pause etcd-leader')
    expect((await space.hasim(...args, '--out', 'exported.yaml')).stdout).toBe('')
    expect(space.read('exported.yaml')).toBe(stdout)
  })

  it.each([
    [['plan'], 'FILE: is missing'],
    [['plan', MODEL], 'say what it is to be'],
    [['plan', MODEL, '--scenario', 'leader-crsh'], 'did you mean leader-crash'],
    [['plan', shipped('models/clusters/single.yaml'), '--scenario', 'zone-loss'], 'cannot happen to'],
    [['plan', 'parts.yaml', '--scenario', 'leader-crash'], 'part model'],
    [['plan', MODEL, '--scenario', 'leader-crash', '--as', 'word'], 'chaos-toolkit'],
  ])('%s is refused with what is allowed', async (args, words) => {
    const { code, stderr } = await space.hasim(...args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
  })
})

describe('hasim calibrate', () => {
  const rows = Array.from({ length: 30 }, (_, k) => {
    const month = String(1 + (k % 12)).padStart(2, '0')
    return `node-${k % 6},2025-${month}-${String(1 + (k % 25)).padStart(2, '0')}T00:00:00Z,2025-${month}-${String(1 + (k % 25)).padStart(2, '0')}T0${1 + (k % 7)}:00:00Z`
  })

  it('fits incidents and writes a profile that an experiment can name', async () => {
    space.write('incidents.csv', `part,failed,repaired\n${rows.join('\n')}\n`)
    const watch = ['--from', '2025-01-01', '--to', '2026-01-01', '--parts', '12']
    const { code, stdout, stderr } = await space.hasim(
      'calibrate',
      'incidents.csv',
      ...watch,
      '--out',
      'lab.yaml',
      '--name',
      'lab',
    )
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^every +\d+ +\d+ +(weibull|exponential|lognormal)\(/m)
    space.write(
      'lab-3.yaml',
      'name: lab-3\nnodes: { server: { count: 3 } }\netcd: { on: server }\nfailures: lab.yaml\n',
    )
    const run = await space.hasim('run', 'lab-3.yaml', '--replications', '50', '--quiet')
    expect(run.code, run.stderr).toBe(0)
  })

  it('tells what is wrong with its input', async () => {
    space.write('broken.csv', 'part,failed,repaired\nx,yesterday,\n')
    const without = await space.hasim('calibrate', 'broken.csv')
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('--from: is missing')])
    const { code, stderr } = await space.hasim('calibrate', 'broken.csv', '--from', '2025-01-01', '--to', '2026-01-01')
    expect([code, stderr]).toEqual([2, expect.stringContaining('broken.csv:2: failed: yesterday is no instant')])
    expect((await space.hasim('calibrate', 'nowhere.csv')).code).toBe(2)
  })
})
