import { describe, expect, it } from 'vitest'
import type { Slo } from '../../src/experiment/result.ts'
import { missWords } from '../../src/report/misses.ts'
import { estimate, nothingSeen } from './fixtures.ts'

const words = (slo: Partial<Slo>) => {
  const whole = { target: 0.999, met: true, missInAMonth: null, missInHorizon: null, horizonSeconds: 864_000 }
  return missWords({ ...whole, probabilityOfMissInAMonth: null, ...slo })
}

describe('how often an objective is missed', () => {
  it('is told by the month and by the horizon, with intervals', () => {
    const both = { missInAMonth: estimate(0.04, 0.01), missInHorizon: estimate(0.25, 0.02) }
    expect(words(both)).toEqual(['4 % [3 … 5] of months', '25 % [23 … 27] of stretches of 10 d'])
    expect(words({ ...both, horizonSeconds: 31_536_000 })[1]).toBe('25 % [23 … 27] of years')
    expect(words({})).toEqual([])
  })

  it('is a bound where none was seen, or nothing else', () => {
    const all = { ...estimate(1, 0), lo: 0.94, hi: 1 }
    const bounds = words({ missInAMonth: nothingSeen(0.06), missInHorizon: all })
    expect(bounds).toEqual(['< 6 % of months', '> 94 % of stretches of 10 d'])
  })

  it('is one number where it is exact', () => {
    expect(words({ missInHorizon: { ...estimate(0.25, 0), level: 1, n: 0 } })).toEqual(['25 % of stretches of 10 d'])
  })

  it('is told of files that know no more than a number by the month', () => {
    const before = { target: 0.999, met: true, probabilityOfMissInAMonth: 0.11 }
    expect(missWords(before as Slo)).toEqual(['11 % of months'])
  })
})
