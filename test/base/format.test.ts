import { describe, expect, it } from 'vitest'
import {
  formatAvailability,
  formatCount,
  formatDuration,
  formatDurationInterval,
  formatDurationSpread,
  formatNines,
  formatNumber,
  formatNumberInterval,
  formatPercent,
  formatRatio,
} from '../../src/base/format.ts'

describe('durations', () => {
  it.each([
    [379, '6 m 19 s'],
    [1.4, '1.4 s'],
    [9, '9 s'],
    [9.96, '10 s'],
    [58, '58 s'],
    [59.7, '1 m'],
    [1800, '30 m'],
    [0.12, '120 ms'],
    [0.0012, '1.2 ms'],
    [0.000_47, '470 µs'],
    [3.14e-6, '3.1 µs'],
    [2.4e-9, '2.4 ns'],
    [2e-15, '2.0e−15 s'],
    [0.9999, '1 s'],
    [0, '0 s'],
    [-280, '−4 m 40 s'],
    [3599.7, '1 h'],
    [7260, '2 h 1 m'],
    [86_400 * 2 + 3 * 3600, '2 d 3 h'],
    [31_557_600, '1 y'],
    [31_557_600 * 1.5, '1 y 183 d'],
    [31_557_600 * 1234, '1 234 y'],
  ])('%d s reads %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text))

  it('shows intervals as clocks where both ends allow it', () => {
    expect(formatDurationInterval({ lo: 347, hi: 410 })).toBe('[5:47 … 6:50]')
    expect(formatDurationInterval({ lo: -310, hi: -250 })).toBe('[−5:10 … −4:10]')
    expect(formatDurationInterval({ lo: 12, hi: 410 })).toBe('[12 s … 7 m]')
    expect(formatDurationInterval({ lo: 12, hi: null })).toBe('[12 s … ?]')
  })
})

describe('durations with their intervals', () => {
  it.each([
    [{ mean: 15.21, lo: 14.7, hi: 15.7 }, '15.2 s', '[14.7 … 15.7 s]', '14.7 to 15.7 s'],
    [{ mean: 4745, lo: 4090, hi: 5690 }, '1 h 19 m', '[1 h 8 m … 1 h 35 m]', '1 h 8 m to 1 h 35 m'],
    [{ mean: 1.1875, lo: 1.1731, hi: 1.2021 }, '1.19 s', '[1.17 … 1.20 s]', '1.17 to 1.20 s'],
    [{ mean: 0.607, lo: -4.3, hi: 5.4 }, '0.6 s', '[−4.3 … 5.4 s]', '−4.3 to 5.4 s'],
    [{ mean: 0.581, lo: 0.567, hi: 0.596 }, '580 ms', '[570 … 600 ms]', '570 to 600 ms'],
    [{ mean: -2.6, lo: -3.7, hi: -1.6 }, '−2.6 s', '[−3.7 … −1.6 s]', '−3.7 to −1.6 s'],
    [{ mean: 40, lo: 0, hi: 120 }, '40 s', '[0 s … 2 m]', 'less than 2 m'],
    [{ mean: 379, lo: 347, hi: 410 }, '6 m 19 s', '[5:47 … 6:50]', '5 m 47 s to 6 m 50 s'],
    [{ mean: 5, lo: 5, hi: 5 }, '5 s', '[5 s … 5 s]', '5 s to 5 s'],
    [{ mean: 4.68e-4, lo: 4.55e-4, hi: 4.82e-4 }, '468 µs', '[455 … 482 µs]', '455 to 482 µs'],
    [{ mean: 2.51e-9, lo: 2.45e-9, hi: 2.58e-9 }, '2.51 ns', '[2.45 … 2.58 ns]', '2.45 to 2.58 ns'],
    [{ mean: -2e-4, lo: -3e-4, hi: 1e-4 }, '−200 µs', '[−300 … 100 µs]', '−300 to 100 µs'],
    [{ mean: 90, lo: 60, hi: null }, '1 m 30 s', '[1 m … ?]', 'at least 1 m'],
  ])('%o', (of, mean, interval, range) => expect(formatDurationSpread(of)).toEqual({ mean, interval, range }))
})

describe('availability', () => {
  it('has the digits its uncertainty allows', () => {
    expect(formatAvailability({ mean: 1.2e-5, lo: 1.1e-5, hi: 1.3e-5 })).toBe('99.99880 %  ± 0.00010')
    expect(formatAvailability({ mean: 0.1, lo: 0.09, hi: 0.111 })).toBe('90.0 %  ± 1.1')
    expect(formatAvailability({ mean: 1.23e-12, lo: 1.13e-12, hi: 1.33e-12 })).toBe(
      '99.999999999877 %  ± 0.000000000010',
    )
  })

  it('spells a lopsided interval out, never past 100 %', () => {
    expect(formatAvailability({ mean: 0.000151, lo: 0.000129, hi: 0.000182 })).toBe('99.9849 %  [99.9818 … 99.9871]')
    expect(formatAvailability({ mean: 0.0002, lo: 0.00007, hi: 0.0009 })).toBe('99.980 %  [99.910 … 99.993]')
    expect(formatAvailability({ mean: 0.0002, lo: 0.00007, hi: null })).toBe('99.980 %  [? … 99.993]')
  })

  it('says a bound where nothing was lost, rounded to the safe side', () => {
    expect(formatAvailability({ mean: 0, lo: 0, hi: 4.2e-6 })).toBe('> 99.9995 %')
    expect(formatAvailability({ mean: 0, lo: 0, hi: 1e-6 })).toBe('> 99.9999 %')
  })

  it('never rounds a loss away', () => {
    expect(formatNines(1.2e-5)).toBe('99.9988')
    expect(formatNines(1e-14)).toBe('99.9999999999990')
  })
})

describe('numbers', () => {
  it('groups thousands and keeps significant digits', () => {
    expect(formatCount(4000)).toBe('4 000')
    expect(formatCount(1_234_567)).toBe('1 234 567')
    expect(formatNumber(3.1234)).toBe('3.1')
    expect(formatNumber(12_345)).toBe('12 345')
    expect(formatNumber(-0.264)).toBe('−0.26')
    expect(formatRatio({ mean: 0.262, lo: 0.222, hi: 0.312 })).toBe('0.26 × [0.22 … 0.31]')
    expect(formatRatio({ mean: 0.9986, lo: 0.995, hi: 1.002 })).toBe('0.999 × [0.995 … 1.002]')
    expect(formatRatio({ mean: 0, lo: 0, hi: 2.1 })).toBe('0 × [0 … 2]')
    expect(formatNumberInterval({ mean: 3.12, lo: 2.81, hi: 3.43 })).toBe('3.1 [2.8 … 3.4]')
    expect(formatNumberInterval({ mean: 3.12, lo: 2.81, hi: null })).toBe('3.1 [2.8 … ?]')
  })

  it('shows probabilities near both ends', () => {
    expect(formatPercent(0.012)).toBe('1.2 %')
    expect(formatPercent(0.45)).toBe('45 %')
    expect(formatPercent(0.9997)).toBe('99.97 %')
    expect(formatPercent(0.99999)).toBe('99.999 %')
    // A bound puts its own sign before it.
    expect(formatPercent(0.00003)).toBe('0.0030 %')
    expect(formatPercent(2e-11)).toBe('2.0e−9 %')
    expect(formatPercent(1 - 1e-12)).toBe('> 99.9999999 %')
  })
})
