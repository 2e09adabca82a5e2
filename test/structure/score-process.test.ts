import { describe, expect, it } from 'vitest'
import { exponential, weibullOfMean } from '../../src/engine/distribution.ts'
import { scoresOf } from '../../src/engine/score.ts'
import { AgingClock, MemorylessClock } from '../../src/structure/score-clock.ts'
import { ScoreProcess } from '../../src/structure/score-process.ts'

describe('a score over time', () => {
  it('counts a loss from the beginning of the cell before its own, however many cells went by', () => {
    const process = new ScoreProcess(1000, 100)
    process.book(1000, 1)
    process.book(1050, 2)
    expect(process.before(1099)).toBe(0)
    process.book(1100, 4)
    expect(process.before(1199)).toBe(0)
    process.book(1230, 8)
    // The cell before began at 1100, when 1 and 2 had been booked.
    expect(process.before(1299)).toBe(3)
    expect(process.before(1301)).toBe(7)
    expect(process.before(1500)).toBe(15)
    expect(process.at(1500)).toBe(15)
  })

  it('counts all that ever was where nothing is forgotten', () => {
    const process = new ScoreProcess(0, Number.POSITIVE_INFINITY)
    process.book(5, 1)
    expect(process.before(1e15)).toBe(0)
  })

  it.each([
    ['without memory', exponential(100)],
    ['that ages', weibullOfMean(100, 1.7)],
  ] as const)('adds up a clock %s, whether it runs on, rings, pauses or is put away', (_, law) => {
    const scores = scoresOf(law)
    const started = () => {
      const process = new ScoreProcess(0, 1e6)
      const clock =
        law.kind === 'exponential' ? new MemorylessClock(law.mean, process) : new AgingClock(scores, process)
      clock.begin(10, false)
      return { process, clock }
    }
    const runs = started()
    expect(runs.process.at(70)).toBeCloseTo(scores.running(60), 12)
    runs.clock.end(70, true)
    expect(runs.process.at(500)).toBeCloseTo(scores.ended(60), 12)
    runs.clock.begin(500, true)
    expect(runs.process.at(540)).toBeCloseTo(scores.ended(60) + scores.residualRunning(40), 12)
    const pauses = started()
    pauses.clock.pause(40)
    pauses.clock.resume(100)
    pauses.clock.end(120, false)
    pauses.clock.end(130, false)
    expect(pauses.process.at(500)).toBeCloseTo(scores.running(50), 12)
  })

  it('looks at a clock as it was when a cell began', () => {
    for (const law of [exponential(100), weibullOfMean(100, 0.6)]) {
      const process = new ScoreProcess(0, 50)
      const scores = scoresOf(law)
      const clock =
        law.kind === 'exponential' ? new MemorylessClock(law.mean, process) : new AgingClock(scores, process)
      clock.begin(30, false)
      expect(process.before(320)).toBeCloseTo(scores.running(220), 12)
      clock.end(320, true)
      expect(process.before(330)).toBeCloseTo(scores.running(220), 12)
      expect(process.before(360)).toBeCloseTo(scores.running(270), 12)
      expect(process.before(410)).toBeCloseTo(scores.ended(290), 12)
    }
  })
})
