import { describe, expect, it } from 'vitest'
import { type Steps, step } from '../../../src/structure/exact/uniform.ts'
import { Walk } from '../../../src/structure/exact/walk.ts'
import { compiledAdvance, ENTRIES_END, plainAdvance, ROW } from '../../../src/structure/exact/walk-kernel.ts'

/** Numbers that look like chance and are the same every time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function stepsOf(size: number, seed: number): Steps {
  const next = numbers(seed)
  const counts = Array.from({ length: size }, () => Math.floor(next() * 6))
  const starts = Int32Array.from([0, ...counts.keys()], (_, i) => counts.slice(0, i).reduce((sum, one) => sum + one, 0))
  const entries = starts[size]!
  return {
    pace: 1,
    size,
    starts,
    sources: Int32Array.from({ length: entries }, () => Math.floor(next() * size)),
    values: Float64Array.from({ length: entries }, () => next() / 6),
    stays: Float64Array.from({ length: size }, next),
  }
}

describe('a walk', () => {
  it.each([1, 2, 37, 5000])('of %d states goes where single steps go, and sums and spends on the way', (size) => {
    const steps = stepsOf(size, size)
    const next = numbers(7)
    const [start, first, second] = [0, 1, 2].map(() => Float64Array.from({ length: size }, next)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    const walk = new Walk(steps, start, { first, second })
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, one, i) => sum + one * b[i]!, 0)
    const spent = new Float64Array(size)
    let now: Float64Array = start
    for (let k = 0; k < 20; k++) {
      const time = 1 / (k + 1)
      walk.step(time)
      expect([walk.first, walk.second]).toEqual([dot(now, first), dot(now, second)])
      for (let i = 0; i < size; i++) spent[i]! += time * now[i]!
      const into = new Float64Array(size)
      step(steps, now, into)
      now = into
      expect(walk.mass).toEqual(now)
    }
    expect(walk.spent()).toEqual(spent)
  })

  it('ends when the next begins', () => {
    const steps = stepsOf(3, 1)
    const one = new Walk(steps, Float64Array.of(1, 0, 0))
    const other = new Walk(steps, Float64Array.of(0, 1, 0))
    other.step()
    expect(() => one.step()).toThrow('one walk at a time')
  })
})

describe('the loop in WebAssembly', () => {
  it('gives the bits that the loop in TypeScript gives', () => {
    const { memory, advance } = compiledAdvance()!
    const size = 100
    const [from, into, spent, rows] = [16, 16 + 8 * size, 16 + 16 * size, 16 + 24 * size]
    const values = rows + ROW * size
    const floats = new Float64Array(memory.buffer)
    const integers = new Int32Array(memory.buffer)
    const next = numbers(3)
    for (let i = 0; i < floats.length; i++) floats[i] = next() * 10 ** (40 * next() - 30)
    let entries = 0
    for (let i = 0; i < size; i++) {
      entries += Math.floor(next() * 5)
      integers[(rows + ROW * i + ENTRIES_END) >> 2] = values + 8 * entries
    }
    const sources = values + 8 * entries
    for (let k = 0; k < entries; k++) integers[(sources >> 2) + k] = 8 * Math.floor(next() * size)
    const plain = memory.buffer.slice(0)
    const places = { sums: 0, rows, rowsEnd: values, values, sources, spent }
    for (let k = 0; k < 10; k++) {
      const [a, b] = k % 2 === 0 ? [from, into] : [into, from]
      advance(places, a, b, k / 3)
      plainAdvance(plain)(places, a, b, k / 3)
    }
    expect(new Float64Array(plain)).toEqual(floats)
  })
})
