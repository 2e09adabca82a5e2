import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { type Ended, expectNoStack, Workspace, withoutRun } from './hasim.ts'

const space = new Workspace()
afterAll(() => space.remove())

// Seconds of work: a signal some tenths after the start always comes before the end.
const REPLICATIONS = 40_000
const LONG = ['--replications', String(REPLICATIONS), '--format', 'json']

/** Starts a long run, interrupts it after a while under way, and waits for its end. */
async function interrupted(out: string, workers: string, signals: readonly NodeJS.Signals[]): Promise<Ended> {
  // A busy machine may not have finished one replication by then: the next try waits longer.
  for (let wait = 600; ; wait *= 2) {
    const { child, ended } = space.start('run', 'parts.yaml', ...LONG, '--out', out, '--workers', workers)
    while (!existsSync(join(space.path, out))) await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, wait))
    for (const signal of signals) child.kill(signal)
    const end = await ended
    expectNoStack(end)
    if (!end.stderr.includes('nothing is kept')) return end
    rmSync(join(space.path, out), { recursive: true })
  }
}

describe('an interrupted run', () => {
  it('keeps what is finished, marked partial, and goes on from it to the same bytes', async () => {
    const whole = await space.hasim('run', 'parts.yaml', ...LONG, '--out', 'whole')
    expect(whole.code).toBe(0)
    for (const [workers, signal] of [
      ['1', 'SIGINT'],
      ['2', 'SIGTERM'],
    ] as const) {
      const out = `cut-${workers}`
      const cut = await interrupted(out, workers, [signal])
      expect(cut.code).toBe(130)
      expect(cut.stderr).toContain('interrupted: keeping what is finished')
      const partial = JSON.parse(cut.stdout)
      expect(partial.run.partial).toBe(true)
      expect(partial.variants[0].stopReason).toBe('interrupted')
      expect(partial.variants[0].replications).toBeGreaterThan(0)
      expect(partial.variants[0].replications).toBeLessThan(REPLICATIONS)
      expect(space.read(`${out}/result.json`)).toBe(cut.stdout)

      const resumed = await space.hasim('run', 'parts.yaml', ...LONG, '--out', out, '--workers', '3', '--resume')
      expect(resumed.code).toBe(0)
      expect(withoutRun(resumed.stdout)).toBe(withoutRun(whole.stdout))
    }
  })

  it('ends at once at the second signal', async () => {
    const end = await interrupted('twice', '2', ['SIGINT', 'SIGTERM'])
    expect(end.code).toBe(130)
  })
})

it('a solution under way, which cannot listen, ends at the first signal', async () => {
  const system = fileURLToPath(new URL('../../experiments/systems/computing-system.yaml', import.meta.url))
  const { child, ended } = space.start('run', system, '--solver', 'exact', '--out', 'solved', '--quiet')
  while (!existsSync(join(space.path, 'solved'))) await new Promise((resolve) => setTimeout(resolve, 20))
  await new Promise((resolve) => setTimeout(resolve, 100))
  child.kill('SIGINT')
  const { stdout } = await ended
  expect(child.signalCode).toBe('SIGINT')
  expect(stdout).toBe('')
})

describe('--resume', () => {
  const run = (...more: string[]) => space.hasim('run', 'parts.yaml', '--format', 'json', '--out', 'kept', ...more)

  it('starts from the beginning where there is nothing, and tells a finished run again', async () => {
    const first = await run('--resume')
    const again = await run('--resume')
    expect([first.code, again.code]).toEqual([0, 0])
    expect(withoutRun(again.stdout)).toBe(withoutRun(first.stdout))
  })

  it('goes on when more is asked for, to what one run would have said', async () => {
    const more = await run('--replications', '500', '--resume')
    const whole = await space.hasim('run', 'parts.yaml', '--format', 'json', '--replications', '500')
    expect(withoutRun(more.stdout)).toBe(withoutRun(whole.stdout))
  })

  it('refuses what belongs to another experiment, another version, or nobody', async () => {
    const other = await run('--seed', 'other', '--resume')
    expect(other.code).toBe(2)
    expect(other.stderr).toMatch(/^kept\/checkpoint\.json: is of another experiment/)

    const checkpoint = JSON.parse(space.read('kept/checkpoint.json'))
    space.write('kept/checkpoint.json', JSON.stringify({ ...checkpoint, hasim: '0.0.0' }))
    expect((await run('--resume')).stderr).toMatch(/^kept\/checkpoint\.json: is of hasim 0\.0\.0/)

    space.write('kept/checkpoint.json', JSON.stringify(checkpoint).slice(0, 500))
    const damaged = await run('--resume')
    expect(damaged.code).toBe(2)
    expect(damaged.stderr).toMatch(/^kept\/checkpoint\.json: is not a checkpoint of hasim, or damaged/)

    space.write(
      'kept/checkpoint.json',
      JSON.stringify({ ...checkpoint, runner: { ...checkpoint.runner, variants: [1] } }),
    )
    expect((await run('--resume')).stderr).toMatch(/damaged/)
  })
})
