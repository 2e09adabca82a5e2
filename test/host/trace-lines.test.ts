import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, ms } from '../../src/base/units.ts'
import { readDuration } from '../../src/document/quantities.ts'
import { formatTraceTime, traceJson, traceText } from '../../src/host/trace-lines.ts'

describe('trace lines', () => {
  it.each([
    [0, '   0d00h00m00.000s'],
    [59_999.9, '   0d00h01m00.000s'],
    [3 * DAY + 4 * HOUR + 5 * MINUTE + 6_789, '   3d04h05m06.789s'],
    [1234 * DAY, '1234d00h00m00.000s'],
    [-2 * DAY - 1, '  -2d00h00m00.001s'],
  ])('show %d ms as %s', (time, text) => {
    expect(formatTraceTime(time)).toBe(text)
  })

  it('show times that --from takes back', () => {
    const time = 12 * DAY + 3 * HOUR + 4 * MINUTE + 5_678
    expect(readDuration(formatTraceTime(time))).toEqual({ ok: true, value: time })
  })

  it('are aligned text, or JSON in milliseconds', () => {
    const entry = { at: ms(1500.25), who: 'etcd-1', what: 'elected in term 3' }
    expect(traceText(entry)).toBe('   0d00h00m01.500s  etcd-1                  elected in term 3\n')
    expect(JSON.parse(traceJson(entry))).toEqual({ at: 1500.25, who: 'etcd-1', what: 'elected in term 3' })
  })
})
