import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/base/units.ts'
import type { ResultFile } from '../../src/experiment/result.ts'
import { runExperiment } from '../../src/experiment/runner.ts'
import { type Law, syntheticConfig, syntheticSample } from './synthetic.ts'

const FACTS = { hasim: '0', wallSeconds: 0, cpuSeconds: 0, workers: 1 }
const LAW: Law = { rate: 3, median: MINUTE, sigma: 1 }

/** Runs variants of which the i-th is spared as the `sparing[i]`-th synthetic variant is. */
function run(
  names: readonly string[],
  sparing: readonly number[],
  law = LAW,
  replications = 400,
  slo = 0.9995,
): ResultFile {
  const config = syntheticConfig({ replications }, names, slo)
  return runExperiment(config, (c, v, r) => syntheticSample(c, sparing[v]!, r, law), FACTS)
}

describe('verdict', () => {
  it('says what the better variant saves, with its interval and its cost', () => {
    const { verdict, comparisons } = run(['three', 'five'], [0, 1])
    expect(comparisons[0]!.lostSecondsPerYear.hi).toBeLessThan(0)
    expect(verdict).toMatch(
      /^Five saves \d m \d+ s of lost writes a year \(\d m \d+ s to \d m \d+ s, 95 %\) for 210 more a month; both meet 99.95 %\.$/,
    )
  })

  it('says that a variant is worse', () => {
    expect(run(['three', 'five'], [1, 0]).verdict).toMatch(
      /^Five loses .* more of writes a year than three \(.* to .*, 95 %\) and costs 210 more a month; both meet/,
    )
  })

  it('says who meets the objective', () => {
    const long = { ...LAW, median: HOUR }
    const { variants } = run(['three', 'five'], [0, 2], long)
    const [three, five] = variants.map((v) => v.services['write']!.unavailability.mean)
    const between = 1 - (three! + five!) / 2
    expect(run(['three', 'five'], [0, 2], long, 400, between).verdict).toMatch(/; only five meets 99\.9\d+ %\.$/)
    expect(run(['three', 'five'], [0, 2], long, 400, 0.999999).verdict).toMatch(/; neither meets 99.9999 %\.$/)
  })

  it('does not tell apart what the data do not', () => {
    const rare = { ...LAW, rate: 0.01 }
    expect(run(['three', 'five'], [0, 0]).verdict).toMatch(/^Five loses exactly as much as three: /)
    expect(run(['three', 'five'], [0, 1], { ...LAW, rate: 0 }, 200).verdict).toMatch(
      /^Not enough failures to compare: neither three nor five lost any writes in 200 years each \(at most one outage in 66 y 278 d, 95 %\)\.$/,
    )
    const many = run(['three', 'five', 'seven'], [0, 0, 0], rare)
    expect(many.verdict).toMatch(/^Three loses the least: .*, but it cannot be told from five or seven\.$/)
  })

  it('says when there is too little, and when there is enough but no difference', () => {
    const config = (replications: number) => syntheticConfig({ replications }, ['three', 'five'], null)
    // Two variants that meet different failures of the same law.
    const independent = (replications: number, rate: number): string =>
      runExperiment(
        config(replications),
        (c, v, r) => ({ ...syntheticSample({ ...c, seed: `v${v}` }, 0, r, { ...LAW, rate }) }),
        FACTS,
      ).verdict
    expect(independent(100, 0.05)).toMatch(
      /^Not enough failures to tell five from three \(\d+ outages in 100 years each\): /,
    )
    expect(independent(300, 3)).toMatch(
      /^No clear difference: five may save up to .* or lose up to .* than three \(95 %\)/,
    )
  })

  it('names the best of several, against the next best and the baseline', () => {
    expect(run(['three', 'five', 'seven'], [0, 1, 2], LAW, 1500).verdict).toMatch(
      /^Seven loses the least: .* less than five, the next best \(.* to .*, 95 %\); against three it saves .* of lost writes a year for 420 more a month\.$/,
    )
  })

  it('of one variant says its availability, what it loses most to, and its objective', () => {
    expect(run(['three'], [0]).verdict).toMatch(
      /^Three is available for write 99\.99\d+ % of the time \(± 0\.000\d+\): \d m .* lost a year \(.* to .*, 95 %\), the biggest part to .* \(33 %\); it meets its objective of 99.95 %\.$/,
    )
    expect(run(['three'], [0], { ...LAW, median: 3 * HOUR }).verdict).toMatch(/; it misses its objective of 99.95 %\.$/)
    expect(run(['three'], [0], { ...LAW, rate: 0 }, 100).verdict).toMatch(
      /^Three lost no writes in 100 years \(at most one outage in 33 y/,
    )
    const { variants } = run(['three'], [0])
    const near = 1 - variants[0]!.services['write']!.unavailability.mean * 1.01
    expect(run(['three'], [0], LAW, 400, near).verdict).toMatch(
      /; it seems to meet its objective of .*, but that is within the uncertainty\.$/,
    )
  })

  it('is one sentence', () => {
    for (const verdict of [run(['three', 'five'], [0, 1]).verdict, run(['three'], [0]).verdict]) {
      expect(verdict.endsWith('.')).toBe(true)
      expect(verdict.slice(0, -1)).not.toMatch(/\. /)
    }
  })
})
