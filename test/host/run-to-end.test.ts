import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { simulate } from '../../src/experiment/runner.ts'
import { replicationFailure } from '../../src/host/crash.ts'
import { Interrupt } from '../../src/host/interrupt.ts'
import { type RunEnd, runToEnd } from '../../src/host/run-to-end.ts'
import { smallExperiment } from './experiments.ts'

const directory = mkdtempSync(join(tmpdir(), 'hasim-run-'))
afterAll(() => rmSync(directory, { recursive: true }))

function run(config: ExperimentConfig, workers: number, out: string, interrupt = new Interrupt()): Promise<RunEnd> {
  const where = { directory: join(directory, out), file: 'small.yaml', version: '1.2.3' }
  return runToEnd({ config, workers, resume: false, quiet: true, interrupt, ...where })
}

describe('a run', () => {
  it('says what a plain loop says, for one worker and for three', async () => {
    const config = smallExperiment()
    const facts = { hasim: '1.2.3', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
    const { run: _expectedRun, ...expected } = simulate(config, replicate, facts)
    for (const workers of [1, 3]) {
      const end = await run(config, workers, `plain-${workers}`)
      if (end.kind !== 'result') throw new Error(end.kind)
      const { run: facts, ...rest } = end.result
      expect(JSON.stringify(rest)).toBe(JSON.stringify(expected))
      expect(facts).toMatchObject({ partial: false, file: 'small.yaml' })
      // Others join only a run that lasts.
      expect(facts.workers).toBeLessThanOrEqual(workers)
      expect(facts.workers).toBeGreaterThanOrEqual(1)
      expect(facts.efficiency).toBeGreaterThan(0)
      expect(facts.efficiency).toBeLessThanOrEqual(1)
      expect(existsSync(join(directory, `plain-${workers}`, 'checkpoint.json'))).toBe(true)
    }
  })

  it('that is interrupted before anything was finished keeps nothing', async () => {
    const interrupt = new Interrupt()
    interrupt.start()
    process.emit('SIGINT', 'SIGINT')
    const end = await run(smallExperiment(), 1, 'nothing', interrupt)
    interrupt.stop()
    expect(end.kind).toBe('nothing')
    expect(existsSync(join(directory, 'nothing', 'checkpoint.json'))).toBe(false)
  })
})

describe('uncertain inputs', () => {
  const uncertain = (solver: string) => {
    const text = `parts: { server: { every: exponential(500h), lasts: exponential(8h) } }
services: { up: server }
run: { solver: ${solver}, uncertain: { server.every: 'lognormal(median 500h, p95 900h)' } }
`
    const read = readExperiment('small.yaml', text, { readFile: () => ({ ok: false, problems: [] }) })
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    return read.value
  }

  it.each(['exact', 'simulate, replications: 5'])('are drawn to the end by %s', async (solver) => {
    const end = await run(uncertain(solver), 1, `drawn-${solver.length}`)
    if (end.kind !== 'result') throw new Error(end.kind)
    expect(end.result.run.partial).toBe(false)
    expect(end.result.variants[0]!.services['up']!.inputUncertainty?.draws).toBe(1000)
  })

  it('are left where the user wants to stop, and what is solved is told', async () => {
    const interrupt = new Interrupt()
    interrupt.start()
    process.emit('SIGINT', 'SIGINT')
    const end = await run(uncertain('exact'), 1, 'stopped', interrupt)
    interrupt.stop()
    if (end.kind !== 'result') throw new Error(end.kind)
    expect(end.result.run.partial).toBe(true)
    const { inputUncertainty, unavailability } = end.result.variants[0]!.services['up']!
    expect(inputUncertainty).toBeUndefined()
    expect(unavailability.mean).toBeCloseTo(8 / 508, 12)
  })
})

describe('a replication that throws', () => {
  const config = smallExperiment(40)

  it.each([1, 2])('ends the run with what finds it, on %i workers', async (workers) => {
    const end = await run(config, workers, `crash-${workers}`)
    if (end.kind !== 'crash') throw new Error(end.kind)
    expect(end.crash.name).toBe('AssertionFailure')
    expect(end.crash.message).toContain('at most 40 events')
    expect(() => replicate(config, end.crash.variantIndex, end.crash.replication)).toThrow(end.crash.message)
  })

  it('is told with seed, variant, replication, time, the last events and how to replay it', async () => {
    const crash = { variantIndex: 1, replication: 7, name: 'AssertionFailure', message: 'it broke', stack: 'where' }
    const { message, stack } = replicationFailure(config, crash, "hasim trace 'my file.yaml' --seed small")
    const lines = message.split('\n')
    expect(lines[0]).toBe('AssertionFailure: it broke')
    expect(lines[1]).toMatch(/^ {2}seed small, variant five, replication 7, simulated time \d+d\d\dh\d\dm\d\d\.\d{3}s$/)
    expect(lines[2]).toBe('  the last 20 events:')
    expect(lines.slice(3, 23).every((line) => /^ +\d+d\d\dh.* server-\d +(failed|repaired)$/.test(line))).toBe(true)
    expect(lines[23]).toBe("  replay: hasim trace 'my file.yaml' --seed small --variant five --replication 7")
    expect(lines).toHaveLength(24)
    expect(stack).toBe('where')
  })

  it('says so when the repetition does not throw', () => {
    const crash = { variantIndex: 0, replication: 0, name: 'Error', message: 'once', stack: '' }
    expect(replicationFailure(smallExperiment(), crash, 'hasim trace x').message).toContain('did not happen again')
  })
})
