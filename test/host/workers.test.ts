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
  for (let round = 0; round < 3; round++) {
    const workforce = await startWorkforce(config, 2)
    const tasks = new ExperimentRunner(config).nextTasks(workforce.capacity)
    const answers = tasks.map((task) => workforce.run(task).catch(() => undefined))
    await Promise.race(answers)
    await workforce.close()
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(uncaught).toEqual([])
}, 30_000)
