import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Workspace } from './hasim.ts'

const space = new Workspace()
beforeAll(async () => {
  await space.hasim('run', 'parts.yaml', '--out', 'a')
  await space.hasim('run', 'parts.yaml', '--out', 'b', '--seed', 'other')
})
afterAll(() => space.remove())

describe('hasim trace', () => {
  it('finds the worst outages of a result again, by their ids', async () => {
    const { variants } = JSON.parse(space.read('a/result.json'))
    for (const { worstOutages } of variants) {
      const { id, fromSeconds, seconds } = worstOutages[0]
      const { code, stdout } = await space.hasim('trace', 'parts.yaml', '--outage', id, '--format', 'json')
      expect(code).toBe(0)
      const times = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).at)
      expect(times.some((time) => Math.abs(time - fromSeconds * 1000) < 0.001)).toBe(true)
      expect(Math.max(...times)).toBeCloseTo((fromSeconds + seconds) * 1000, 2)
    }
  })

  it('prints one event a line, in order, within the window', async () => {
    const window = ['--from', '30d', '--to', '200d']
    const { stdout } = await space.hasim('trace', 'parts.yaml', '--variant', 'five', '--replication', '2', ...window)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(3)
    const days = lines.map((line) => Number(/^ *(\d+)d\d\dh\d\dm\d\d\.\d{3}s {2}server-\d /.exec(line)?.[1]))
    for (const day of days) expect(day).toSatisfy((value: number) => value >= 30 && value < 200)
    expect(days).toEqual(days.toSorted((a, b) => a - b))
  })
})

describe('hasim report', () => {
  it('renders a result as the run did', async () => {
    const again = await space.hasim('report', 'a')
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('Are five servers worth it over three?')
    expect((await space.hasim('report', 'a/result.json', '--format', 'json')).stdout).toBe(space.read('a/result.json'))
  })

  it('puts several side by side', async () => {
    const { code } = await space.hasim('report', 'a', 'b', '--out', 'both')
    expect(code).toBe(0)
    expect(space.read('both/report.html')).toContain('<html')
    expect(space.read('both/report.md').length).toBeGreaterThan(space.read('a/report.md').length)
    expect(JSON.parse((await space.hasim('report', 'a', 'b', '--format', 'json')).stdout)).toHaveLength(2)
  })
})

describe('hasim schema', () => {
  it.each(['experiment', 'model', 'profile', 'plan', 'result'])('prints JSON Schema of %s', async (name) => {
    const { code, stdout } = await space.hasim('schema', name)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: expect.stringContaining('json-schema.org'),
      title: expect.any(String),
    })
  })
})
