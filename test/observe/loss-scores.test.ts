import { describe, expect, it } from 'vitest'
import type { Ms } from '../../src/base/units.ts'
import { RandomStreams } from '../../src/engine/random.ts'
import { Simulation } from '../../src/engine/simulation.ts'
import { LossScores } from '../../src/observe/loss-scores.ts'
import { ScoreProcess } from '../../src/structure/score-process.ts'
import type { SystemScores } from '../../src/structure/system-scores.ts'

describe('scores of what is lost', () => {
  it('are those since what a loss may be due to, up to its end', () => {
    const simulation = new Simulation(new RandomStreams('losses', 0))
    const process = new ScoreProcess(0, 100)
    const scores = { processes: [process, null] } as unknown as SystemScores
    const losses = new LossScores(simulation, scores)
    const at = (time: number, act: () => void) => {
      simulation.scheduleAgenda(time as Ms, { handle: act }, {})
    }
    at(50, () => process.book(50, 1))
    at(250, () => process.book(250, 2))
    at(260, () => losses.update(true, 0))
    at(270, () => {
      process.book(270, 4)
      losses.update(true, 5)
    })
    at(480, () => {
      process.book(480, 8)
      losses.update(false, 10)
    })
    at(490, () => {
      process.book(490, 16)
      losses.update(false, 10)
    })
    simulation.run(1000 as Ms)
    // What was booked at 50 lies more than a cell before the loss.
    expect([...losses.products]).toEqual([10 * (2 + 4 + 8), 0])
  })
})
