import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pageOf } from '../../scripts/validation-pages.ts'
import { NOT_JUDGED } from '../../src/validate/oracle-answers.ts'
import { ORACLE_VALUES } from '../../src/validate/oracle-values.ts'
import { TABLES } from '../../src/validate/table.ts'
import { hasOracles, oracle, oracleError, oracleNames } from '../structure/oracles.ts'

const PARTS = TABLES.filter(({ name }) => name !== 'raft' && name !== 'T3')
/** Cases that a table has at least in its fast form: an empty table agrees, too. */
const LEAST: { readonly [table: string]: number } = { T1: 33, T5: 62, T6a: 2, T6b: 20, T7: 6, T11: 3, oracles: 190 }

describe('published tables, in their fast form', () => {
  it.each(PARTS.map(({ name, cases }) => [name, cases] as const))('%s agrees', (name, casesOf) => {
    const cases = [...casesOf({ seed: name, fast: true })]
    expect(cases.filter(({ verdict }) => verdict === 'differs')).toEqual([])
    expect(cases.length).toBeGreaterThanOrEqual(LEAST[name]!)
  })

  it('hold each other solver to the same values', () => {
    const cases = [...TABLES.find(({ name }) => name === 'oracles')!.cases({ seed: 'three', fast: true })]
    const by = (how: string) => cases.filter((one) => one.case.includes(how)).length
    expect(by('exact')).toBeGreaterThan(100)
    expect(by('biased cycles')).toBeGreaterThan(12)
    expect(by('simulated')).toBeGreaterThan(15)
  })
})

describe.skipIf(!hasOracles)('the values carried in the package', () => {
  it('are those of the reference', () => {
    for (const [scenario, values] of Object.entries(ORACLE_VALUES)) {
      for (const [name, [value, error]] of Object.entries(values)) {
        expect(value, `${scenario} ${name}`).toBe(oracle(scenario, name))
        expect(error).toBe(oracleError(scenario, name))
      }
    }
  })
})

describe('no reference value is passed over in silence', () => {
  const cases = [...TABLES.find(({ name }) => name === 'oracles')!.cases({ seed: 'all', fast: true })]

  it('each that is carried is judged by an exact answer, or stands there with a reason', () => {
    for (const [scenario, values] of Object.entries(ORACLE_VALUES)) {
      for (const name of Object.keys(values)) {
        const found = cases.filter(
          (one) => one.case === `${scenario}, exact, ${name}` || one.case === `${scenario}, ${name}`,
        )
        expect(found, `${scenario} ${name}`).toHaveLength(1)
        expect(found[0]!.verdict === 'not judged', `${scenario} ${name}`).toBe(found[0]!.distance === null)
      }
    }
    const unjudged = cases.filter(({ verdict }) => verdict === 'not judged')
    expect(unjudged.filter(({ measure }) => !Object.values(NOT_JUDGED).includes(measure))).toEqual([])
  })

  it.skipIf(!hasOracles)('each of the reference is carried, or named with a reason', () => {
    const missing = Object.keys(ORACLE_VALUES).flatMap((scenario) =>
      oracleNames(scenario)
        .filter((name) => !(name in ORACLE_VALUES[scenario]!) && !(name in NOT_JUDGED))
        .map((name) => `${scenario} ${name}`),
    )
    expect(missing).toEqual([])
  })
})

describe('pages of the documentation', () => {
  // Pages whose figures come from no chance: these are the same to ten digits everywhere.
  it.each(['T5', 'T7', 'T11'])('docs/validation has %s as it is computed', (table) => {
    const file = new URL(`../../docs/validation/${table.toLowerCase()}.md`, import.meta.url)
    expect(readFileSync(file, 'utf8')).toBe(pageOf(table))
  })
})
