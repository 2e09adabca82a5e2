import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MONTH, type Ms, ms } from '../../src/base/units.ts'
import { OutageRecorder } from '../../src/observe/outage-recorder.ts'

function record(
  horizonMs: number,
  changes: readonly (readonly [number, number])[],
  more: { at?: number[]; from?: number } = {},
) {
  const recorder = new OutageRecorder({ horizonMs, at: more.at ?? [], from: ms(more.from ?? 0) })
  for (const [at, fraction] of changes) recorder.change(ms(at), fraction, `m${fraction}`, `c${fraction}`)
  return recorder
}

describe('outage recorder', () => {
  it('adds up what is lost, down and degraded', () => {
    const sample = record(100, [
      [0, 1],
      [10, 0],
      [30, 0.75],
      [50, 0.25],
      [60, 1],
    ]).finish(ms(100))
    expect(sample).toMatchObject({ lostMs: 20 + 5 + 7.5, downMs: 30, degradedMs: 20, outages: 2, firstOutageMs: 10 })
    expect([...sample.outageMs]).toEqual([20, 10])
    expect(sample.mechanisms).toEqual({ m0: 20, 'm0.25': 7.5, 'm0.75': 5 })
    expect(sample.causes).toEqual({ c0: 20, 'c0.25': 7.5, 'c0.75': 5 })
  })

  it('one half is not an outage', () => {
    const sample = record(100, [[0, 0.5]]).finish(ms(100))
    expect(sample).toMatchObject({ outages: 0, degradedMs: 100, downMs: 0, lostMs: 50, firstOutageMs: -1 })
  })

  it('a change of depth within an outage does not split it', () => {
    const sample = record(100, [
      [0, 1],
      [10, 0],
      [20, 0.25],
      [30, 1],
    ]).finish(ms(100))
    expect([...sample.outageMs]).toEqual([20])
  })

  it('what is back within the same instant was never down', () => {
    const recorder = record(100, [
      [0, 1],
      [10, 0],
      [10, 1],
      [20, 0],
      [30, 1],
      [30, 0],
      [40, 1],
    ])
    const sample = recorder.finish(ms(100))
    expect([...sample.outageMs]).toEqual([20])
    expect(recorder.worst()).toEqual([{ service: 0, ordinal: 0, fromMs: 20, ms: 20, cause: 'c0', mechanism: 'm0' }])
  })
})

describe('at the edges of the judged stretch', () => {
  it('an outage that runs at the start is time, but not one that began', () => {
    for (const sample of [
      record(100, [
        [0, 0],
        [10, 1],
      ]).finish(ms(100)),
      record(
        100,
        [
          [0, 1],
          [200, 0],
          [510, 1],
        ],
        { from: 500 },
      ).finish(ms(600)),
    ]) {
      expect(sample).toMatchObject({ outages: 0, lostMs: 10, downMs: 10, firstOutageMs: 0 })
    }
  })

  it('follows an outage past the horizon for its length, not for time', () => {
    const recorder = record(100, [
      [0, 1],
      [90, 0],
    ])
    expect(recorder.openOutage()).toBe(true)
    recorder.change(ms(150), 1, '', '')
    expect(recorder.openOutage()).toBe(false)
    recorder.change(ms(160), 0, 'm', 'c')
    expect(recorder.openOutage()).toBe(false)
    const sample = recorder.finish(ms(170))
    expect(sample).toMatchObject({ outages: 1, lostMs: 10, downMs: 10 })
    expect([...sample.outageMs]).toEqual([60])
  })

  it('what begins at the horizon is not judged', () => {
    const recorder = record(
      100,
      [
        [0, 1],
        [100, 0],
      ],
      { at: [100] },
    )
    expect(recorder.openOutage()).toBe(false)
    const sample = recorder.finish(ms(110))
    expect(sample).toMatchObject({ outages: 0, lostMs: 0, firstOutageMs: -1 })
    expect(sample.at).toEqual([{ down: true, hadOutage: false, lostMs: 0 }])
  })

  it('knows instants, in the order asked for', () => {
    const changes = [
      [0, 1],
      [10, 0],
      [30, 1],
    ] as const
    const sample = record(100, changes, { at: [40, 10, 5, 20, 100] }).finish(ms(100))
    expect(sample.at).toEqual([
      { down: false, hadOutage: true, lostMs: 20 },
      { down: true, hadOutage: true, lostMs: 0 },
      { down: false, hadOutage: false, lostMs: 0 },
      { down: true, hadOutage: true, lostMs: 10 },
      { down: false, hadOutage: true, lostMs: 20 },
    ])
  })
})

describe('in all', () => {
  it('splits lost time over whole months', () => {
    const changes = [
      [0, 1],
      [MONTH - 10, 0],
      [2 * MONTH + 5, 1],
    ] as const
    const sample = record(2.5 * MONTH, changes).finish(ms(2.5 * MONTH))
    expect([...sample.monthLostMs]).toEqual([10, MONTH])
    expect(sample.lostMs).toBe(MONTH + 15)
  })

  it('keeps the five longest, of equals the earlier', () => {
    const recorder = new OutageRecorder({ horizonMs: 1000, at: [], service: 3 })
    const lengths = [5, 1, 9, 5, 7, 2, 9]
    lengths.forEach((length, i) => {
      recorder.change(ms(100 * i + 1), 0, 'm', `c${i}`, () => `then ${i}`)
      recorder.change(ms(100 * i + 1 + length), 1, '', '')
    })
    recorder.finish(ms(1000))
    expect(recorder.worst().map(({ ordinal, ms: length, cause }) => [ordinal, length, cause])).toEqual([
      [2, 9, 'then 2'],
      [6, 9, 'then 6'],
      [4, 7, 'then 4'],
      [0, 5, 'then 0'],
      [3, 5, 'then 3'],
    ])
  })

  it('agrees with a count by hand, instant by instant', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0, 0.25, 0.5, 0.75, 1)), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 20 }), (list, from) => {
        const horizon = 60
        const fractions = new Array<number>(400).fill(1)
        const recorder = new OutageRecorder({ horizonMs: horizon, at: [17], from: from as Ms })
        let now = 0
        for (const [step, fraction] of list) {
          now += step
          recorder.change(ms(now), fraction, 'm', 'c')
          fractions.fill(fraction, now)
        }
        const sample = recorder.finish(ms(Math.max(now, from + horizon)))
        const judged = fractions.slice(from, from + horizon)
        const sum = (of: readonly number[]) => of.reduce((total, value) => total + value, 0)
        expect(sample.lostMs).toBe(sum(judged.map((fraction) => 1 - fraction)))
        expect(sample.downMs).toBe(judged.filter((fraction) => fraction < 0.5).length)
        expect(sample.degradedMs).toBe(judged.filter((fraction) => fraction >= 0.5 && fraction < 1).length)
        const begins = judged.filter((fraction, i) => i > 0 && fraction < 0.5 && judged[i - 1]! >= 0.5).length
        expect(sample.outages).toBe(begins)
        expect(sample.firstOutageMs).toBe(judged.findIndex((fraction) => fraction < 0.5))
        expect(sample.at[0]!.down).toBe(judged[17]! < 0.5)
        expect(sample.at[0]!.lostMs).toBe(sum(judged.slice(0, 17).map((fraction) => 1 - fraction)))
      }),
      { numRuns: 500, seed: 3 },
    )
  })
})
