import { afterAll, beforeAll, expect, it } from 'vitest'
import { ExperimentRunner } from '../../src/experiment/runner.ts'
import { startWorkforce } from '../../src/host/workers.ts'
import { smallExperiment } from './experiments.ts'

/** What nobody catches would end the program. */
const uncaught: unknown[] = []
const note = (error: unknown) => uncaught.push(error)
beforeAll(() => process.prependListener('uncaughtException', note))
afterAll(() => process.off('uncaughtException', note))

it('closes quietly while answers are on their way', async () => {
  const config = smallExperiment()
  const runner = new ExperimentRunner(config)
  const workforce = await startWorkforce(config, 2)
  await Promise.all(runner.nextTasks(2).map((task) => workforce.run(task)))
  for (const task of runner.nextTasks(2)) workforce.run(task).catch(() => undefined)
  // This thread is deaf until both have answered, so that it closes before it hears.
  const deafUntil = performance.now() + 1500
  while (performance.now() < deafUntil);
  await workforce.close()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(uncaught).toEqual([])
}, 30_000)
