import { describe, expect, it } from 'vitest'
import { majority } from '../../../src/validate/oracle-systems.ts'
import { exp } from '../models.ts'
import { solvedYear } from './solved-year.ts'

describe('a group of one', () => {
  it.each(['shock', 'event', 'propagation'] as const)('fails as often whatever share of it is a %s', (kind) => {
    const alone = majority(1, exp(1000), exp(8))
    const struck = { ...alone, commonCauses: [{ name: 'batch', group: 0, beta: 0.05, kind }] }
    const { unavailability, outagesPerMs } = solvedYear(alone, 'steady').longRun
    const { longRun } = solvedYear(struck, 'steady')
    if (kind === 'event') {
      // Two things that may be down at once, each repaired on its own.
      expect(1 - longRun.unavailability).toBeCloseTo((1 / (1 + 0.00005 * 8)) * (1 / (1 + 0.00095 * 8)), 14)
      return
    }
    expect(longRun.unavailability / unavailability).toBeCloseTo(1, 12)
    expect(longRun.outagesPerMs / outagesPerMs).toBeCloseTo(1, 12)
  })
})

describe('a year without an outage', () => {
  it.each([
    [1, 43, 41],
    [1, 1000, 8],
    [9, 1000, 8],
  ])('is told to all digits where it is next to impossible: all of %i, MTTF %i h', (count, every, lasts) => {
    const model = majority(count, exp(every), exp(lasts))
    const members = Array.from({ length: count }, (_, part) => ({ kind: 'part', part }) as const)
    const all = { ...model, services: [{ name: 'quorum', condition: { kind: 'all', of: members } as const }] }
    const expected = Math.exp((-8760 * count) / every)
    expect(solvedYear(all, 'all-up').noOutageInHorizon! / expected).toBeCloseTo(1, 10)
  })
})

describe('a service that is hardly ever up', () => {
  it('is lost as often as it is up, times the rate at which its parts fail', () => {
    const model = majority(3, exp(1), exp(1e6))
    const members = Array.from({ length: 3 }, (_, part) => ({ kind: 'part', part }) as const)
    const all = { ...model, services: [{ name: 'quorum', condition: { kind: 'all', of: members } as const }] }
    const { unavailability, outagesPerMs } = solvedYear(all, 'steady').longRun
    expect(unavailability).toBeCloseTo(1, 12)
    expect((outagesPerMs * 3_600_000 * (1 + 1e6) ** 3) / 3).toBeCloseTo(1, 12)
  })
})
