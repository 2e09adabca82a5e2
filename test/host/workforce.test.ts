import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { ExperimentRunner, simulate } from '../../src/experiment/runner.ts'
import { drive } from '../../src/host/drive.ts'
import { Interrupt } from '../../src/host/interrupt.ts'
import * as terminal from '../../src/host/terminal.ts'
import { ThreadPool } from '../../src/host/thread-pool.ts'
import { startWorkforce, type Workforce } from '../../src/host/workforce.ts'
import { smallExperiment } from './experiments.ts'

/** What nobody catches would end the program. */
const uncaught: unknown[] = []
const note = (error: unknown) => uncaught.push(error)
beforeAll(() => {
  process.prependListener('uncaughtException', note)
  process.prependListener('unhandledRejection', note)
})
afterAll(() => {
  process.off('uncaughtException', note)
  process.off('unhandledRejection', note)
})

const FACTS = { hasim: '1.2.3', wallSeconds: 0, cpuSeconds: 0, workers: 1 }

/** What an experiment says when this workforce runs it, in bytes. */
async function saidBy(workforce: Workforce, config: ExperimentConfig): Promise<string> {
  const runner = new ExperimentRunner(config)
  expect(await drive(runner, workforce, new Interrupt())).toBeUndefined()
  await workforce.close()
  return JSON.stringify(runner.result(FACTS))
}

describe('threads', () => {
  it('say what a plain loop says, from sources too', async () => {
    const config = smallExperiment()
    const pool = await ThreadPool.start(config, 3, note)
    expect(await saidBy(pool, config)).toBe(JSON.stringify(simulate(config, replicate, FACTS)))
    expect(pool.busyMs).toBeGreaterThan(0)
  })

  it('end a run with the replication that throws', async () => {
    const config = smallExperiment(40)
    const pool = await ThreadPool.start(config, 1, note)
    const crash = await drive(new ExperimentRunner(config), pool, new Interrupt())
    await pool.close()
    expect(crash?.message).toContain('at most 40 events')
  })

  it('close quietly while answers are on their way', async () => {
    const config = smallExperiment()
    const runner = new ExperimentRunner(config)
    const pool = await ThreadPool.start(config, 2, note)
    await Promise.all(runner.nextTasks(2).map((task) => pool.run(task)))
    for (const task of runner.nextTasks(2)) pool.run(task).catch(() => undefined)
    // This thread is deaf until both have answered, so that it closes before it hears.
    const deafUntil = performance.now() + 1500
    while (performance.now() < deafUntil);
    await pool.close()
    await sleep(100)
    expect(uncaught).toEqual([])
  }, 30_000)
})

describe('a workforce of several', () => {
  it('begins as this thread alone, is joined by the others, and says the same', async () => {
    const config = smallExperiment()
    const workforce = startWorkforce(config, 3, 0)
    expect(workforce.capacity).toBe(1)
    while (workforce.capacity === 1) await sleep(5)
    expect(workforce.capacity).toBe(5)
    expect(workforce.threads).toBe(1)
    expect(await saidBy(workforce, config)).toBe(JSON.stringify(simulate(config, replicate, FACTS)))
  })

  it('works in all its threads once they have joined', async () => {
    const config = smallExperiment()
    const workforce = startWorkforce(config, 2, 0)
    while (workforce.capacity === 1) await sleep(5)
    const tasks = new ExperimentRunner(config).nextTasks(workforce.capacity)
    const order: number[] = []
    await Promise.all(tasks.map((task) => workforce.run(task).then(() => order.push(task.taskId))))
    // Two went to the other thread, which is still starting; the last one was done here meanwhile.
    expect(order[0]).toBe(tasks.at(-1)?.taskId)
    expect(order.toSorted((a, b) => a - b)).toEqual(tasks.map((task) => task.taskId))
    expect(workforce.threads).toBe(2)
    await workforce.close()
  })

  it('leaves no thread behind, whether it ends before, while or after others join', async () => {
    const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length
    const before = threads()
    for (const waitMs of [0, 1, 2, 50]) {
      const workforce = startWorkforce(smallExperiment(), 2, 0)
      if (waitMs > 0) await sleep(waitMs)
      if (waitMs === 50) expect(threads()).toBeGreaterThan(before)
      await workforce.close()
      await sleep(20)
      expect(threads()).toBe(before)
    }
    expect(uncaught).toEqual([])
  })

  describe.each([
    { when: 'before they begin', unclonable: () => 1, worker: './usual.ts' },
    { when: 'while they begin', worker: './nowhere.ts' },
    { when: 'at their first task', worker: './dying-worker.ts' },
  ])('whose threads fail $when', ({ unclonable, worker }) => {
    it('goes on alone, says why once, and says the same', async () => {
      using said = vi.spyOn(terminal, 'writeErr').mockImplementation(() => {})
      const config = smallExperiment()
      // What is no data cannot be sent to a thread.
      const sent = unclonable === undefined ? config : { ...config, unclonable }
      const workforce = startWorkforce(sent, 3, 0, new URL(worker, import.meta.url))
      while (workforce.capacity === 1 && said.mock.calls.length === 0) await sleep(5)
      expect(await saidBy(workforce, config)).toBe(JSON.stringify(simulate(config, replicate, FACTS)))
      expect(workforce.threads).toBe(1)
      expect(said.mock.calls.flat()).toEqual([expect.stringMatching(/^worker threads cannot be had \(.+\); going on/)])
      expect(uncaught).toEqual([])
    })
  })
})
