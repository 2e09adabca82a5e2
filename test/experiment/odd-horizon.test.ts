import { expect, it } from 'vitest'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import { controlPlane } from './control-plane.ts'
import { assertOk, readFrom } from './files.ts'

// 35.7 h are 128 520 000.000 000 01 ms in double precision: no multiple of the grid of simulated time, whatever the start.
it.each(['steady', 'all-up'])('a cluster is judged up to a horizon that no grid of time holds: %s', (start) => {
  const text = controlPlane(`{ solver: simulate, start: ${start}, horizon: 35.7h, at: [35.7h], replications: 3 }`)
  const config = assertOk(readExperiment('x.yaml', text, { readFile: readFrom(), sets: [], overrides: {} }))
  for (let replication = 0; replication < 3; replication++) {
    const sample = replicate(config, 0, replication)
    expect(sample.services.map(({ at }) => at.length)).toEqual([1, 1])
  }
})
