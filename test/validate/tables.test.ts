import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pageOf } from '../../scripts/validation-pages.ts'
import { LAN_REFERENCES, type Reference, TICK_REFERENCES, WAN_REFERENCE } from '../../src/validate/expected.ts'
import { NOT_JUDGED } from '../../src/validate/oracle-answers.ts'
import { DETECTION_ORACLES } from '../../src/validate/oracle-detection.ts'
import { QUORUM_ORACLES } from '../../src/validate/oracle-quorum-values.ts'
import { ORACLE_VALUES } from '../../src/validate/oracle-values.ts'
import { firstTimeout } from '../../src/validate/raft-curves.ts'
import { splitVoteOdds } from '../../src/validate/split-votes.ts'
import { TABLES } from '../../src/validate/table.ts'
import type { ValidationCase } from '../../src/validate/validation-case.ts'
import { hasOracles, oracle, oracleError, oracleNames, oracleScenarios } from '../structure/oracles.ts'

const PARTS = TABLES.filter(({ name }) => name !== 'raft' && name !== 'T3')
/** Cases that a table has at least in its fast form: an empty table agrees, too. */
const LEAST: { readonly [table: string]: number } = {
  T1: 33,
  T4: 27,
  T5: 62,
  T6a: 2,
  T6b: 20,
  T7: 6,
  T11: 3,
  oracles: 280,
}

const CARRIED = { ...ORACLE_VALUES, ...DETECTION_ORACLES, ...QUORUM_ORACLES }

type Numbers = { readonly [name: string]: number }

/** What elections are held against, by the names of the reference. */
function numbersOf({ mean, quantiles, split }: Reference): Numbers {
  const ofQuantiles = quantiles.map(([p, ms]) => [`p${100 * p}_ms`, ms] as const)
  return {
    mean_ms: mean,
    ...Object.fromEntries(ofQuantiles),
    ...(split === undefined ? {} : { split_probability: split }),
  }
}

const ELECTIONS: { readonly [scenario: string]: Numbers } = Object.fromEntries<Numbers>([
  ...TICK_REFERENCES.map(({ members, lease, preVote, since, reference }): [string, Numbers] => [
    `F12-a-n${members}-lease${Number(lease)}-prevote${Number(preVote)}-since-${since}`,
    numbersOf(reference),
  ]),
  ...[3, 5].map((members): [string, Numbers] => {
    // The reference has no tenth percentile of these.
    const { p10_ms: _, ...numbers } = numbersOf(firstTimeout(members))
    return [`F12-a-n${members}-first-timeout`, numbers]
  }),
  ...[0.01, 0.1, 0.2].map((latency): [string, Numbers] => [
    `F12-a-splitformula-n5-s4-l${latency}`,
    { split_probability: splitVoteOdds(5, 4, latency) },
  ]),
  ['F12-a-availsim-n5-down1', numbersOf(WAN_REFERENCE)],
  ...LAN_REFERENCES.map(({ low, high, reference }): [string, Numbers] => [
    `F12-a-paper-${low}-${high}`,
    numbersOf(reference),
  ]),
])

/** Fast forms that were run already: the oracles take half a minute. */
const run = new Map<string, Promise<readonly ValidationCase[]>>()

function casesOf(name: string): Promise<readonly ValidationCase[]> {
  const cases = run.get(name) ?? collect(name)
  run.set(name, cases)
  return cases
}

async function collect(name: string): Promise<readonly ValidationCase[]> {
  const cases: ValidationCase[] = []
  const table = TABLES.find((one) => one.name === name)!
  for await (const one of table.cases({ seed: name, fast: true })) cases.push(one)
  return cases
}

describe('published tables, in their fast form', () => {
  it.each(PARTS.map(({ name }) => name))('%s agrees', async (name) => {
    const cases = await casesOf(name)
    expect(cases.filter(({ verdict }) => verdict === 'differs')).toEqual([])
    expect(cases.length).toBeGreaterThanOrEqual(LEAST[name]!)
  })

  it('hold each other solver to the same values', async () => {
    const cases = await casesOf('oracles')
    const by = (how: string) => cases.filter((one) => one.case.includes(how)).length
    expect(by('exact')).toBeGreaterThan(100)
    expect(by('biased cycles')).toBeGreaterThan(12)
    expect(by('simulated')).toBeGreaterThan(15)
  })
})

describe.skipIf(!hasOracles)('the values carried in the package', () => {
  it('are those of the reference', () => {
    for (const [scenario, values] of Object.entries(CARRIED)) {
      for (const [name, [value, error]] of Object.entries(values)) {
        expect(value, `${scenario} ${name}`).toBe(oracle(scenario, name))
        expect(error).toBe(oracleError(scenario, name))
      }
    }
  })
})

describe('no reference value is passed over in silence', () => {
  it('each that is carried is judged by an exact answer, or stands there with a reason', async () => {
    const cases = await casesOf('oracles')
    for (const [scenario, values] of Object.entries(CARRIED)) {
      for (const name of Object.keys(values)) {
        const found = cases.filter((one) => one.case.startsWith(`${scenario}, `) && one.case.endsWith(`, ${name}`))
        expect(found, `${scenario} ${name}`).toHaveLength(1)
        expect(found[0]!.verdict === 'not judged', `${scenario} ${name}`).toBe(found[0]!.distance === null)
      }
    }
    const unjudged = cases.filter(({ verdict }) => verdict === 'not judged')
    expect(unjudged.filter(({ measure }) => !Object.values(NOT_JUDGED).includes(measure))).toEqual([])
  })

  it.skipIf(!hasOracles)('each of the reference is carried, or named with a reason', () => {
    const missing = oracleScenarios.flatMap((scenario) => {
      // Elections are the table of Raft: what it is held against is compared below.
      const carried = scenario.startsWith('F12') ? (ELECTIONS[scenario] ?? {}) : (CARRIED[scenario] ?? {})
      return oracleNames(scenario)
        .filter((name) => !(name in carried) && !(name in NOT_JUDGED))
        .map((name) => `${scenario} ${name}`)
    })
    expect(missing).toEqual([])
  })

  it.skipIf(!hasOracles)('those of elections are what the table of Raft is held against', () => {
    for (const [scenario, values] of Object.entries(ELECTIONS)) {
      for (const [name, value] of Object.entries(values)) {
        // Closed forms are computed: the same up to rounding.
        expect(value / oracle(scenario, name)!, `${scenario} ${name}`).toBeCloseTo(1, 12)
      }
    }
  })
})

describe('pages of the documentation', () => {
  // Pages whose figures come from no chance: these are the same to ten digits everywhere.
  it.each(['T4', 'T5', 'T7', 'T11'])('docs/validation has %s as it is computed', async (table) => {
    const file = new URL(`../../docs/validation/${table.toLowerCase()}.md`, import.meta.url)
    expect(readFileSync(file, 'utf8')).toBe(await pageOf(table))
  })
})
