import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { HOUR_A_YEAR, namedAnswers, YEAR_H } from '../../../src/validate/answers.ts'
import { ORACLE_SYSTEMS } from '../../../src/validate/oracle-systems.ts'
import { hasOracles, oracle, oracleError, oracleNames } from '../oracles.ts'

/** Relative; a value is never held to more than three times its own error. */
const DIGITS = 1e-12

describe.skipIf(!hasOracles)('exact solutions against values of fifty digits', () => {
  for (const [scenario, build] of Object.entries(ORACLE_SYSTEMS)) {
    it(scenario, () => {
      const model = build()
      const isCluster = scenario.startsWith('F10')
      const service = isCluster ? 'minimum' : model.services.at(-1)!.name
      const horizon = isCluster ? 2000 * HOUR : YEAR_H
      const at = isCluster ? [85 * HOUR, 2000 * HOUR] : [YEAR_H, 10 * YEAR_H]
      const objective = oracleNames(scenario).some((name) => name.startsWith('p_downtime')) ? HOUR_A_YEAR : null
      const values = namedAnswers(model, service, horizon, at, objective)
      let compared = 0
      for (const [name, value] of Object.entries(values)) {
        if (!oracleNames(scenario).includes(name) || value === undefined) continue
        const expected = oracle(scenario, name)!
        const allowed = Math.max(DIGITS, 3 * oracleError(scenario, name))
        expect(Math.abs(value / expected - 1), `${name}: ${value}, expected ${expected}`).toBeLessThan(allowed)
        compared++
      }
      expect(compared).toBeGreaterThan(1)
    })
  }
})
