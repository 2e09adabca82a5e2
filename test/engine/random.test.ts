import { describe, expect, it } from 'vitest'
import { integerBelow, RandomStreams, randomFrom } from '../../src/engine/random.ts'

describe('named streams', () => {
  it('depend on seed, replication and name, and on nothing else', () => {
    const alone = new RandomStreams('seed', 3).stream('node/a').next()
    const crowded = new RandomStreams('seed', 3)
    for (const name of ['node/b', 'node/c']) crowded.stream(name).next()
    expect(crowded.stream('node/a').next()).toBe(alone)
    expect(new RandomStreams('seed', 4).stream('node/a').next()).not.toBe(alone)
    expect(new RandomStreams('other', 3).stream('node/a').next()).not.toBe(alone)
  })

  it('are the same object each time they are asked for', () => {
    const streams = new RandomStreams('seed', 0)
    expect(streams.stream('x')).toBe(streams.stream('x'))
  })

  it('keep their draws from version to version: changing them is never a patch', () => {
    const stream = new RandomStreams('3v5', 0).stream('part/control-plane-1/failure')
    expect([stream.next(), stream.next(), stream.next()]).toEqual(PINNED)
  })

  it('start with uniform first draws over neighbouring seeds', () => {
    const cells = new Array<number>(20).fill(0)
    const n = 20_000
    for (let k = 0; k < n; k++) cells[integerBelow(randomFrom(`seed/${k}/x`), 20)]! += 1
    const expected = n / 20
    const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 19 degrees of freedom: 99.9 % lie below 43.8.
    expect(chiSquare).toBeLessThan(43.8)
  })
  it('have first draws that are independent in threes, though their names differ at the end alone', () => {
    const cells = new Array<number>(20).fill(0)
    const n = 20_000
    for (let k = 0; k < n; k++) {
      const streams = new RandomStreams('seed', k)
      const [a, b, c] = [1, 2, 3].map((i) => streams.stream(`timeout/${i}`).next()) as [number, number, number]
      const combined = a - 2 * b + c
      cells[Math.floor((combined - Math.floor(combined)) * 20)]! += 1
    }
    const expected = n / 20
    const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(chiSquare).toBeLessThan(43.8)
  })
})

const PINNED = [0.2625714078279646, 0.1665885864283717, 0.27928722048743493]
