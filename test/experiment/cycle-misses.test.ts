import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MONTH, YEAR } from '../../src/base/units.ts'
import { missesOf, missInWindow, type WindowLosses, windowsOf } from '../../src/experiment/cycle-misses.ts'
import type { Estimate } from '../../src/experiment/result.ts'

/** One in so many milliseconds, known to five percent. */
const perTime = (time: number): Estimate => known(1 / time)
const known = (mean: number): Estimate => ({ mean, lo: mean * 0.95, hi: mean * 1.05, level: 0.95, n: 9, method: 'm' })
const none = (hi: number | null): Estimate => ({ mean: 0, lo: 0, hi, level: 0.95, n: 9, method: 'none' })

const LOSSES: WindowLosses = {
  window: MONTH,
  allowed: HOUR,
  excess: { rate: perTime(1000 * YEAR), span: 3 * HOUR },
  losing: perTime(400 * YEAR),
  unavailability: known((2 * HOUR) / (1000 * YEAR)),
}

describe('the probability that a window loses too much, from cycles', () => {
  it('is that of one cycle that does, with what is left open in its limits', () => {
    const { mean, lo, hi } = missInWindow(LOSSES)!
    const rate = 1 / 12_000
    expect(mean).toBeCloseTo(rate, 8)
    expect(lo).toBeCloseTo(0.95 * rate * (1 - (3 * HOUR) / MONTH), 8)
    const together = (1.05 / 4_800) ** 2 / 2
    expect(hi).toBeCloseTo(1.05 * rate * (1 + (3 * HOUR) / MONTH) + together, 12)
  })

  it('is not told where several cycles of a window may come to it', () => {
    expect(missInWindow({ ...LOSSES, losing: perTime(YEAR) })).toBeNull()
    expect(missInWindow({ ...LOSSES, window: 1000 * YEAR })).toBeNull()
  })

  it('is at most the mean loss over what is allowed', () => {
    const seldom = { ...LOSSES, unavailability: known((HOUR / (1000 * YEAR)) * 1e-3) }
    const { hi, mean } = missInWindow({ ...seldom, excess: { rate: none(null), span: 3 * HOUR }, losing: none(null) })!
    expect(mean).toBe(0)
    expect(hi).toBeCloseTo(1.05e-3 / 12_000, 12)
  })

  it('has the bound of all that lose anything where there is none of its own, and none is above one', () => {
    const unbounded = { ...LOSSES, excess: { rate: none(null), span: 3 * HOUR }, unavailability: none(null) }
    expect(missInWindow(unbounded)!.hi).toBeCloseTo((1.05 / 4_800) * (1 + (3 * HOUR) / MONTH), 6)
    expect(missInWindow({ ...unbounded, losing: none(null) })!.hi).toBe(1)
  })
})

describe('what an objective is asked of', () => {
  it('is a month and the horizon, and nothing where there is no objective', () => {
    expect(windowsOf(30 * DAY, null)).toEqual([])
    const [month, horizon] = windowsOf(30 * DAY, 0.75)
    expect(month).toEqual({ window: MONTH, allowed: MONTH / 4 })
    expect(horizon).toEqual({ window: 30 * DAY, allowed: 7.5 * DAY })
  })

  it('is null where nothing is known', () => {
    expect(missesOf([])).toEqual({ probabilityOfMissInAMonth: null, missInAMonth: null, missInHorizon: null })
  })
})
