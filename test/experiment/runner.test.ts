import { describe, expect, it } from 'vitest'
import { HOUR, YEAR } from '../../src/base/units.ts'
import { randomFrom } from '../../src/engine/random.ts'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { isRoundEnd, roundEnd, taskSize } from '../../src/experiment/rounds.ts'
import { ExperimentRunner, simulate, type Task } from '../../src/experiment/runner.ts'
import type { Sample } from '../../src/experiment/sample.ts'
import { type Law, syntheticConfig, syntheticSample } from './synthetic.ts'

const FACTS = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
const LAW: Law = { rate: 3, median: HOUR, sigma: 1 }

function answer(config: ExperimentConfig, task: Task, law: Law = LAW): Sample[] {
  return Array.from({ length: task.count }, (_, i) =>
    syntheticSample(config, task.variantIndex, task.firstReplication + i, law),
  )
}

function plain(config: ExperimentConfig, law: Law = LAW): string {
  return JSON.stringify(simulate(config, (c, v, r) => syntheticSample(c, v, r, law), FACTS))
}

/** Drives with several tasks out at once, answered in a random order, some given back first. */
function shuffled(runner: ExperimentRunner, config: ExperimentConfig, seed: string, stopAfter = Infinity): void {
  const random = randomFrom(seed)
  const out: Task[] = []
  for (let answered = 0; answered < stopAfter; answered++) {
    out.push(...runner.nextTasks(7 - out.length))
    if (out.length === 0) return
    const [task] = out.splice(Math.floor(random.next() * out.length), 1)
    if (task === undefined) return
    if (random.next() < 0.1) runner.giveBack(task.taskId)
    else runner.accept(task.taskId, answer(config, task))
  }
}

describe('rounds', () => {
  it('grow by a quarter and are cut into tasks without gap', () => {
    const ends = [0, 32, 64, 96, 128, 160, 200, 250].map(roundEnd)
    expect(ends).toEqual([32, 64, 96, 128, 160, 200, 250, 312])
    let n = 0
    const seen: number[] = []
    while (n < 1000) {
      const size = taskSize(n, 1000)
      expect(size).toBeGreaterThan(0)
      expect(size).toBeLessThanOrEqual(64)
      n += size
      if (isRoundEnd(n)) seen.push(n)
    }
    expect(n).toBe(1000)
    expect(seen.slice(0, 7)).toEqual([32, 64, 96, 128, 160, 200, 250])
  })
})

describe('runner', () => {
  it('gives the same bytes whatever the order of arrival', () => {
    const config = syntheticConfig({ precision: 0.1, maxYears: 5000 }, ['three', 'five', 'seven'])
    const expected = plain(config)
    for (const seed of ['a', 'b', 'c']) {
      const runner = new ExperimentRunner(config)
      shuffled(runner, config, seed)
      expect(runner.done()).toBe('precision')
      expect(JSON.stringify(runner.result(FACTS))).toBe(expected)
    }
  })

  it('goes on from a checkpoint to the same bytes', () => {
    const config = syntheticConfig({ precision: 0.1, maxYears: 5000 })
    const expected = plain(config)
    for (const stopAfter of [0, 1, 5, 17, 40]) {
      const first = new ExperimentRunner(config)
      shuffled(first, config, 'x', stopAfter)
      const resumed = ExperimentRunner.resume(config, JSON.parse(JSON.stringify(first.checkpoint())))
      if (!resumed.ok) throw new Error('refused')
      expect(resumed.value.progress().replications).toBe(first.progress().replications)
      shuffled(resumed.value, config, 'y')
      expect(JSON.stringify(resumed.value.result(FACTS))).toBe(expected)
    }
  })

  it('goes on from a finished run to a tighter precision as if it had never stopped', () => {
    const loose = syntheticConfig({ replications: 77 })
    const tight = syntheticConfig({ replications: 301 })
    const first = new ExperimentRunner(loose)
    shuffled(first, loose, 'x')
    expect(first.done()).toBe('replications')
    const resumed = ExperimentRunner.resume(tight, first.checkpoint())
    if (!resumed.ok) throw new Error('refused')
    shuffled(resumed.value, tight, 'y')
    expect(JSON.stringify(resumed.value.result(FACTS))).toBe(plain(tight))
  })

  it('refuses the checkpoint of another experiment, and what is none', () => {
    const config = syntheticConfig({ replications: 40 })
    const checkpoint = new ExperimentRunner(config).checkpoint()
    expect(ExperimentRunner.resume({ ...config, seed: 'other' }, checkpoint).ok).toBe(false)
    expect(ExperimentRunner.resume(config, { nothing: true }).ok).toBe(false)
    expect(ExperimentRunner.resume(config, null).ok).toBe(false)
  })
})

describe('the stopping rule', () => {
  it('stops exactly at the limits, whichever is first', () => {
    const byYears = JSON.parse(plain(syntheticConfig({ precision: 0.0001, maxYears: 100, replications: 1000 })))
    expect(byYears.variants[0]).toMatchObject({ replications: 100, simulatedYears: 100, stopReason: 'max-years' })
    const byCount = JSON.parse(plain(syntheticConfig({ maxYears: 100, replications: 33 })))
    expect(byCount.variants[1]).toMatchObject({ replications: 33, stopReason: 'replications' })
    const short = JSON.parse(plain(syntheticConfig({ horizon: YEAR / 3, maxYears: 20 })))
    expect(short.variants[0].replications).toBe(60)
  })

  it('does not stop on the luck of few losses', () => {
    const rare = JSON.parse(
      plain(syntheticConfig({ precision: 0.9, maxYears: 20_000 }, ['one']), { ...LAW, rate: 0.01 }),
    )
    const { outagesPerYear } = rare.variants[0].services.write
    expect(rare.variants[0].stopReason).toBe('precision')
    expect(outagesPerYear.mean * rare.variants[0].simulatedYears).toBeGreaterThanOrEqual(30)
  })

  it('stops where there is no chance: equal losses, and none under a plan alone', () => {
    const config = syntheticConfig({ precision: 0.1, maxYears: 10_000, random: false }, ['one'])
    const at = (ms: number): string =>
      JSON.stringify(simulate(config, (c, v, r) => fixedSample(syntheticSample(c, v, 0, LAW), r, ms), FACTS))
    for (const ms of [5000, 0]) {
      const result = JSON.parse(at(ms))
      expect(result.variants[0]).toMatchObject({ replications: 64, stopReason: 'precision' })
    }
  })

  it('marks what was interrupted', () => {
    const config = syntheticConfig({ replications: 1000 })
    const runner = new ExperimentRunner(config)
    const empty = runner.result(FACTS)
    expect(JSON.parse(JSON.stringify(empty))).toEqual(empty)
    expect(empty.verdict).toMatch(/^Nothing can be said/)
    shuffled(runner, config, 'x', 9)
    runner.interrupt()
    expect(runner.nextTask()).toBeUndefined()
    const result = runner.result(FACTS)
    expect(result.run.partial).toBe(true)
    expect(result.variants[0]?.stopReason).toBe('interrupted')
  })

  it('hands out a bounded stretch of work ahead of what is folded', () => {
    const config = syntheticConfig({ replications: 1e9 })
    expect(new ExperimentRunner(config).nextTasks(1e6).length).toBe(64)
  })
})

function fixedSample(sample: Sample, replication: number, ms: number): Sample {
  const service = {
    ...sample.services[0]!,
    lostMs: ms,
    mechanisms: { election: ms },
    causes: { node: ms },
    outages: 1,
    outageMs: Float64Array.of(ms),
  }
  return { ...sample, replication, services: [service, service] }
}
