import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/base/units.ts'
import { readDistribution } from '../../src/document/distribution-words.ts'
import * as say from '../../src/document/messages.ts'

describe('distributions as words', () => {
  it.each([
    ['exponential(90d)', { kind: 'exponential', mean: 90 * DAY }],
    ['exponential(mean 90d)', { kind: 'exponential', mean: 90 * DAY }],
    ['weibull(mean 90d, shape 0.7)', { kind: 'weibull-mean', mean: 90 * DAY, shape: 0.7 }],
    ['weibull(shape 0.7, mean 90d)', { kind: 'weibull-mean', mean: 90 * DAY, shape: 0.7 }],
    ['weibull(scale 79d, shape 0.7)', { kind: 'weibull-scale', scale: 79 * DAY, shape: 0.7 }],
    ['lognormal(median 4m, p95 30m)', { kind: 'lognormal-quantiles', median: 4 * MINUTE, p95: 30 * MINUTE }],
    ['lognormal(mean 8h, sigma 1)', { kind: 'lognormal-mean', mean: 8 * HOUR, sigma: 1 }],
    ['gamma(mean 8h, shape 2)', { kind: 'gamma', mean: 8 * HOUR, shape: 2 }],
    ['uniform(1s, 2s)', { kind: 'uniform', low: SECOND, high: 2 * SECOND }],
    ['fixed(10m)', { kind: 'fixed', value: 10 * MINUTE }],
    ['10m', { kind: 'fixed', value: 10 * MINUTE }],
    [0, { kind: 'fixed', value: 0 }],
    ['empirical(repairs.csv)', { kind: 'empirical', file: 'repairs.csv', column: null }],
    ['empirical(a/b.csv, column outage_ms)', { kind: 'empirical', file: 'a/b.csv', column: 'outage_ms' }],
  ])('%s', (text, words) => {
    expect(readDistribution(text)).toEqual({ ok: true, value: words })
  })

  it('reads a mixture of others', () => {
    expect(readDistribution('mixture(0.97 lognormal(median 5m, p95 1h), 3% fixed(1d))')).toEqual({
      ok: true,
      value: {
        kind: 'mixture',
        parts: [
          { weight: 0.97, of: { kind: 'lognormal-quantiles', median: 5 * MINUTE, p95: HOUR } },
          { weight: 0.03, of: { kind: 'fixed', value: DAY } },
        ],
      },
    })
  })

  it.each([
    ['exponetial(3m)', say.unknownDistribution('exponetial', 'exponential')],
    ['constructor(3m)', say.unknownDistribution('constructor', null)],
    ['exponential(0s)', say.distributionArgument('exponential', 'mean', say.notPositive('0s'))],
    ['exponential(5)', say.distributionArgument('exponential', 'mean', say.noUnit('5'))],
    ['exponential(-5d)', say.distributionArgument('exponential', 'mean', say.negative('-5d'))],
    ['weibull(mean 90d, shape 0)', say.distributionArgument('weibull', 'shape', say.notPositive('0'))],
    ['weibull(mean 90d, shape x)', say.distributionArgument('weibull', 'shape', say.notNumber('x'))],
    ['lognormal(median 5m, p95 5m)', say.p95NotAbove('5m', '5m')],
    ['uniform(2s, 1s)', say.emptyRange('2s', '1s')],
    ['fixed(10m', say.unbalanced('fixed(10m')],
    ['mixture(0.5 fixed(1s), 0.4 fixed(2s))', say.weightsSum(0.9)],
    ['mixture(fixed(1s))', say.notWeighted('fixed(1s)')],
    [
      'lognormal(4m, 30m)',
      say.distributionForm('lognormal', 'lognormal(4m, 30m)', [
        'lognormal(median 4m, p95 30m)',
        'lognormal(median 4m, sigma 1)',
        'lognormal(mean 8h, sigma 1)',
      ]),
    ],
    ['every now and then', say.notDistribution('every now and then')],
    [null, say.notDistribution(null)],
  ])('refuses %s', (text, message) => {
    expect(readDistribution(text)).toEqual({ ok: false, message })
  })
})
