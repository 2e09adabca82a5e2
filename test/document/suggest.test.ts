import { describe, expect, it } from 'vitest'
import { closest, editDistance } from '../../src/document/suggest.ts'

describe('did you mean', () => {
  it('counts swaps of neighbours as one mistake', () => {
    expect(editDistance('electoin', 'election')).toBe(1)
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('same', 'same')).toBe(0)
    expect(editDistance('ca', 'abc')).toBe(3)
  })

  it('suggests what is near and nothing else', () => {
    const known = ['election-timeout', 'heartbeat-interval', 'on']
    expect(closest('electon-timeout', known)).toBe('election-timeout')
    expect(closest('Election-Timeout', known)).toBe('election-timeout')
    expect(closest('no', known)).toBe('on')
    expect(closest('colour', known)).toBeNull()
  })
})
