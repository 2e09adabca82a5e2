import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import { atLeast, exp, group, model, part } from '../models.ts'

/**
 * Repairs of a third of a second beside a pair that is repaired for over a year: 10 000 steps an hour, and losses of the
 * pair that grow too slowly to be seen from one step to the next, until they are two in a hundred thousand of all.
 */
const STIFF = model({
  groups: [
    group('single', 1, exp(1e4), exp(1)),
    group('slow', 2, exp(3e6), exp(1e4)),
    group('quick', 2, exp(1000), exp(1e-4)),
  ],
  services: [{ name: 'all', condition: { kind: 'all', of: [part(0), atLeast(1, [1, 2]), atLeast(1, [3, 4])] } }],
})

const TIME = 20_000 * HOUR
/** Values of the chain of 32 states, by its matrix exponential with 150 digits. */
const NONE_STEADY = 0.13531375310854
const NONE_ALL_UP = 0.135331343682078
const DOWN = 1.0825840909616514e-4
const LOST = 2.084012501607983

function solved(start: 'steady' | 'all-up') {
  const outcome = solveExactly(STIFF, {
    services: ['all'],
    start,
    horizon: TIME,
    at: [TIME],
    fit: false,
    effort: 'all',
    objectives: [null],
  })
  if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
  return outcome.services[0]!
}

describe('a chain of times that differ by a factor of a hundred million', () => {
  it('hides nothing slow from the long run', () => {
    const { at, noOutageInHorizon } = solved('steady')
    expect(noOutageInHorizon! / NONE_STEADY - 1).toBeCloseTo(0, 12)
    expect(at![0]!.hadOutage / (1 - NONE_STEADY) - 1).toBeCloseTo(0, 12)
  })

  it('is followed from everything up, however many steps that takes', () => {
    const { at, noOutageInHorizon } = solved('all-up')
    expect(noOutageInHorizon! / NONE_ALL_UP - 1).toBeCloseTo(0, 12)
    expect(at![0]!.down / DOWN - 1).toBeCloseTo(0, 12)
    expect(at![0]!.lostMs / HOUR / LOST - 1).toBeCloseTo(0, 12)
  })
})
