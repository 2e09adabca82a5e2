import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { Workspace, withoutRun } from './hasim.ts'

const space = new Workspace()
afterAll(() => space.remove())

describe('hasim run', () => {
  it('prints a table and writes result, report and checkpoint where the file is named', async () => {
    const { code, stdout, stderr } = await space.hasim('run', 'parts.yaml')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('Are five servers worth it over three?')
    expect(stdout).toMatch(/^quorum +three +99\.\d+ %/m)
    expect(stdout).toContain('report: results/parts/report.html')
    expect(stdout).not.toContain('\u001b')
    for (const name of ['result.json', 'report.html', 'report.md', 'checkpoint.json']) {
      expect(existsSync(join(space.path, 'results/parts', name)), name).toBe(true)
    }
  })

  it('prints the result and nothing else with --format json, the same text as in the file', async () => {
    const { stdout } = await space.hasim('run', 'parts.yaml', '--format', 'json', '--out', 'json')
    expect(stdout).toBe(space.read('json/result.json'))
    const result = JSON.parse(stdout)
    expect(result.schema).toBe('hasim/result@1')
    expect(result.variants.map((variant: { id: string }) => variant.id)).toEqual(['three', 'five'])
    expect(result.variants[0].stopReason).toBe('replications')
    expect(result.run).toMatchObject({ partial: false, file: 'parts.yaml' })
  })

  it('prints an array for several files and gives each its directory', async () => {
    space.write('other.yaml', space.read('parts.yaml'))
    const { stdout } = await space.hasim('run', 'parts.yaml', 'other.yaml', '--format=json', '--out=both')
    const experiments = JSON.parse(stdout).map((result: { experiment: string }) => result.experiment)
    expect(experiments).toEqual(['parts', 'other'])
    expect(existsSync(join(space.path, 'both/parts/report.html'))).toBe(true)
    expect(existsSync(join(space.path, 'both/other/report.html'))).toBe(true)
  })

  it('solves exactly, and says so in every form', async () => {
    const file = fileURLToPath(new URL('../../experiments/systems/majority-5.yaml', import.meta.url))
    const { code, stdout, stderr } = await space.hasim('run', file, '--solver', 'exact', '--out', 'solved')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/exact/)
    const result = JSON.parse(space.read('solved/result.json'))
    const [variant] = result.variants
    expect(variant.solver).toBe('exact')
    const service = Object.values(variant.services)[0] as { unavailability: { mean: number; level: number } }
    // At least three of five down: a binomial sum of p = MTTR / (MTTF + MTTR).
    const { unavailability } = service
    expect(unavailability.level).toBe(1)
    const down = 8 / 1008
    const up = 1 - down
    const exact = 10 * down ** 3 * up ** 2 + 5 * down ** 4 * up + down ** 5
    expect(Math.abs(unavailability.mean / exact - 1)).toBeLessThan(1e-10)
    expect(space.read('solved/report.md')).toContain('solved exactly')
    expect(space.read('solved/report.html')).toContain('solved exactly')
  })

  it('prints Markdown and CSV', async () => {
    const markdown = await space.hasim('run', 'parts.yaml', '--format', 'markdown')
    expect(markdown.stdout).toMatch(/^# /m)
    const csv = await space.hasim('run', 'parts.yaml', '--format', 'csv')
    expect(csv.stdout.split('\n')[0]).toContain('variant')
  })

  it('changes the question as it is told: --set, --seed, --replications', async () => {
    const set = ['--set', 'parts.server.lasts=exponential(1h)', '--seed', '007', '--replications', '40']
    const { stdout } = await space.hasim('run', 'parts.yaml', '--format', 'json', ...set)
    const result = JSON.parse(stdout)
    expect(result.seed).toBe('007')
    expect(result.variants[0].replications).toBe(40)
    expect(JSON.stringify(result.variants[0].config)).toContain('exponential(1h)')
  })

  it('exits 3 for a missed objective, only when asked to', async () => {
    expect((await space.hasim('run', 'parts.yaml')).code).toBe(0)
    expect((await space.hasim('run', 'parts.yaml', '--fail-on-slo')).code).toBe(3)
  })

  it('takes options before the command too', async () => {
    expect((await space.hasim('--quiet', 'run', 'parts.yaml')).code).toBe(0)
  })
})

describe('the same bytes of result', () => {
  it('for 1, 2 and 3 workers, and for a second run', async () => {
    const results: string[] = []
    for (const workers of ['1', '2', '3', '1']) {
      const { code, stdout } = await space.hasim('run', 'parts.yaml', '--format', 'json', '--workers', workers)
      expect(code).toBe(0)
      // Others join only a run that lasts.
      expect(JSON.parse(stdout).run.workers).toBeLessThanOrEqual(Number(workers))
      results.push(withoutRun(stdout))
    }
    expect(new Set(results).size).toBe(1)
  })

  it('where a precision decides when to stop', async () => {
    const stop = ['--precision', '35%', '--format', 'json', '--set', 'run.replications=20000']
    const one = await space.hasim('run', 'parts.yaml', ...stop, '--workers', '1')
    const three = await space.hasim('run', 'parts.yaml', ...stop, '--workers', '3')
    expect(JSON.parse(one.stdout).variants[0].stopReason).toBe('precision')
    expect(withoutRun(one.stdout)).toBe(withoutRun(three.stdout))
  })

  it.each([
    ['3v5.yaml', ['--max-years', '8']],
    ['leader-crash.yaml', ['--replications', '20']],
  ])('of a control plane: %s', async (name, stop) => {
    const file = fileURLToPath(new URL(`../../experiments/${name}`, import.meta.url))
    const results: string[] = []
    for (const workers of ['1', '2', '3']) {
      const { code, stdout } = await space.hasim('run', file, '--format', 'json', '--workers', workers, ...stop)
      expect(code).toBe(0)
      results.push(withoutRun(stdout))
    }
    expect(new Set(results).size).toBe(1)
  })
})

describe('hasim run --solver', () => {
  it('solves a part model exactly', async () => {
    const args = ['run', 'parts.yaml', '--solver', 'exact', '--format', 'json', '--out', 'solved']
    const { code, stdout } = await space.hasim(...args)
    expect(code).toBe(0)
    const [three] = JSON.parse(stdout).variants
    expect(three).toMatchObject({ solver: 'exact', stopReason: 'exact', replications: 0 })
    expect(three.services.quorum.unavailability).toMatchObject({ n: 0, level: 1 })
    expect(space.read('solved/report.md')).toContain('solved exactly')
  })

  it('refuses to solve a cluster, and says why', async () => {
    space.write('cluster.yaml', 'model: hasim:models/clusters/stacked-3.yaml\n')
    const { code, stderr } = await space.hasim('run', 'cluster.yaml', '--solver', 'exact')
    expect(code).toBe(2)
    expect(stderr).toContain('depend on its protocols')
  })
})
