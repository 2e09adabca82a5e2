import { expect, it } from 'vitest'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { simulate } from '../../src/experiment/runner.ts'
import { controlPlane } from './control-plane.ts'
import { assertOk, readFrom } from './files.ts'

const FACTS = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }

/** What a year's writes lose to part of the clients, and in outages, over 400 years cut into so many replications. */
function year(run: string, every: string) {
  const text = controlPlane(run, '', every)
  const config = assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
  const { services } = simulate(config, replicate, FACTS).variants[0]!
  return [services['write']!.degradedSecondsPerYear, services['write']!.downtimeSecondsPerYear]
}

// Kept connections heap up over months: weeks that began with clients spread evenly would look quite unlike years.
// Where lives wear out, whoever leads has not failed for long, and will be the next to fail more often than others.
it.each(['exponential(2000h)', 'weibull(mean 2000h, shape 3)'])(
  'a month of a cluster that has been running for long is like any other month: lives %s',
  (every) => {
    const weeks = year('{ solver: simulate, horizon: 0.1y, replications: 4000 }', every)
    const years = year('{ solver: simulate, horizon: 8y, replications: 50 }', every)
    weeks.forEach((of, i) => {
      const other = years[i]!
      const error = Math.hypot(of.hi! - of.lo, other.hi! - other.lo) / (2 * 1.96)
      expect(Math.abs(of.mean - other.mean) / error).toBeLessThan(4)
      expect(error / other.mean).toBeLessThan(0.06)
    })
  },
)
