import { describe, expect, it } from 'vitest'
import { ms } from '../../../src/base/units.ts'
import { compare } from './agreement.ts'
import { Bench } from './bench.ts'

/** Share of the requests to a cluster of three with one slow disk that fare otherwise than the cheap answers have it. */
function differing(whose: 'leader' | 'follower', by: number): { readonly write: number; readonly read: number } {
  const bench = new Bench({ seed: 'slow' }).established()
  const of = whose === 'leader' ? bench.leader : bench.followers[0]!
  const { write, read } = compare(bench, 10_000, 1_000, [[2_000, () => of.directory.disk.slow(ms(by))]])
  return { write: write.differences.length / write.asked, read: read.differences.length / read.asked }
}

// How long a request waits depends on where in a write it comes; the answers know only the median, where half of them differ.
describe('requests past a slow disk, for clients that wait a second', () => {
  it.each([
    ['leader', 400, 'write', 'in time'],
    ['leader', 480, 'write', 'in time'],
    ['leader', 240, 'read', 'in time'],
    ['leader', 550, 'read', 'late'],
    ['follower', 240, 'write', 'in time'],
    ['follower', 400, 'write', 'late'],
    ['follower', 150, 'read', 'in time'],
    ['follower', 350, 'read', 'late'],
    ['follower', 1_500, 'write', 'late'],
  ] as const)('are foretold: the %s writes for %i ms, a %s is %s', (whose, by, kind, _) => {
    expect(differing(whose, by)[kind]).toBeLessThan(0.03)
  })

  it.each([
    ['leader', 670, 'write'],
    ['leader', 333, 'read'],
    ['follower', 295, 'write'],
    ['follower', 238, 'read'],
  ] as const)('is as often in time as late at the median: the %s writes for %i ms, %s', (whose, by, kind) => {
    const affected = (whose === 'leader' ? 1 : 1 / 3) * 0.8
    expect(Math.abs(differing(whose, by)[kind] / affected - 0.5)).toBeLessThan(0.2)
  })
})
