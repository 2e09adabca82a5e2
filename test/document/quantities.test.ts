import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, MONTH, SECOND, WEEK, YEAR } from '../../src/base/units.ts'
import * as say from '../../src/document/messages.ts'
import { readCost, readDuration, readRate, readShare } from '../../src/document/quantities.ts'

describe('durations', () => {
  it.each([
    ['100ms', 100],
    ['0.25ms', 0.25],
    ['1s', SECOND],
    ['20m', 20 * MINUTE],
    ['4h', 4 * HOUR],
    ['30d', 30 * DAY],
    ['2w', 2 * WEEK],
    ['6mo', 6 * MONTH],
    ['1y', YEAR],
    ['1h30m', 90 * MINUTE],
    ['1 h 30 m', 90 * MINUTE],
    ['1e-05h', 36],
    ['1.5e+3 s', 1500 * SECOND],
    ['0', 0],
    [0, 0],
  ])('%s', (text, ms) => {
    expect(readDuration(text)).toEqual({ ok: true, value: ms })
  })

  it.each([
    [20, say.noUnit(20)],
    ['20', say.noUnit('20')],
    ['1e5', say.noUnit('1e5')],
    ['5e', say.unknownUnit('e', '5e')],
    ['-5s', say.negative('-5s')],
    [-5, say.negative(-5)],
    ['20 minutes', say.unknownUnit('minutes', '20 minutes')],
    ['5M', say.unknownUnit('M', '5M')],
    ['soon', say.notDuration('soon')],
    ['', say.notDuration('')],
    ['1h,30m', say.notDuration('1h,30m')],
    [true, say.notDuration(true)],
    ['99999999y', say.tooLong('99999999y')],
  ])('refuses %s', (text, message) => {
    expect(readDuration(text)).toEqual({ ok: false, message })
  })
})

describe('shares, rates and costs', () => {
  it('reads shares as fractions, without rounding', () => {
    expect(readShare('99.95%')).toEqual({ ok: true, value: 0.9995 })
    expect(readShare(0.05)).toEqual({ ok: true, value: 0.05 })
    expect(readShare('100%')).toEqual({ ok: true, value: 1 })
    expect(readShare('5e-1%')).toEqual({ ok: true, value: 0.005 })
  })

  it('refuses shares outside 0 to 1 and suggests the percent sign', () => {
    expect(readShare('101%')).toEqual({ ok: false, message: say.notShare('101%') })
    expect(readShare(-0.1)).toEqual({ ok: false, message: say.notShare(-0.1) })
    expect(readShare(99.95)).toMatchObject({ ok: false, message: expect.stringContaining('did you mean 99.95%?') })
  })

  it('reads rates a second and costs a month', () => {
    expect(readRate('100/s')).toEqual({ ok: true, value: 100 })
    expect(readRate('60/m')).toEqual({ ok: true, value: 1 })
    expect(readRate('100')).toEqual({ ok: false, message: say.notRate('100') })
    expect(readCost('210/month')).toEqual({ ok: true, value: 210 })
    expect(readCost('120/year')).toEqual({ ok: true, value: 10 })
    expect(readCost(210)).toEqual({ ok: false, message: say.notCost(210) })
  })
})
