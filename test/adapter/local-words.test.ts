import { describe, expect, it } from 'vitest'
import { holdersFrom } from '../../src/adapter/local/holders.ts'
import { lawOfStarts } from '../../src/adapter/pace.ts'
import { readDistribution } from '../../src/document/distribution-words.ts'

describe('who has the address', () => {
  it('is whoever became master last and has not left that state', () => {
    const states = [
      { machine: 3, text: '1.0 MASTER\n9.0 FAULT\n12.0 MASTER\n' },
      { machine: 4, text: '0.5 MASTER\n1.1 BACKUP\n10.0 MASTER\n12.1 BACKUP\n' },
    ]
    expect(holdersFrom(states, 100)).toEqual([
      { at: 600, machine: 4 },
      { at: 1_100, machine: 3 },
      { at: 9_100, machine: null },
      { at: 10_100, machine: 4 },
      { at: 12_100, machine: 3 },
    ])
  })
})

describe('the pace of restarts', () => {
  it('is a law that a model can be given', () => {
    expect(lawOfStarts([50, 50, 50])).toBe('lognormal(median 50.0ms, p95 75.4ms)')
    expect(readDistribution(lawOfStarts([40, 80, 120]))).toMatchObject({ ok: true })
  })
})
