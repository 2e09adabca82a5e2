import { HOUR } from '../base/units.ts'
import { solveRarely } from '../structure/rare/solve.ts'
import { HOUR_A_YEAR, namedAnswers, YEAR_H } from './answers.ts'
import { ORACLE_SYSTEMS } from './oracle-systems.ts'
import { ORACLE_VALUES } from './oracle-values.ts'
import { simulatedUnavailability } from './simulated.ts'
import { judged, type ValidationCase, type ValidationOptions } from './validation-case.ts'

const TABLE = 'oracles'
/** Relative error that exact solutions may have, unless the reference itself has more than a third of it. */
const DIGITS = 1e-10
/** Estimates may stray this far, in standard errors: one in some sixteen thousand does by chance. */
const STANDARD_ERRORS = 4
const RARE_PRECISION = 0.02
const SIZES = { full: { replications: 400, hours: 200_000 }, fast: { replications: 60, hours: 100_000 } } as const

/** Reference systems by every solver that applies: exactly, by biased cycles, event by event. */
export function* oracleCases({ seed, fast }: ValidationOptions): Iterable<ValidationCase> {
  for (const [scenario, build] of Object.entries(ORACLE_SYSTEMS)) {
    const model = build()
    const isCluster = scenario.startsWith('F10')
    const service = isCluster ? 'minimum' : model.services.at(-1)!.name
    const values = ORACLE_VALUES[scenario] ?? {}
    const horizon = isCluster ? 2000 * HOUR : YEAR_H
    const at = isCluster ? [85 * HOUR, 2000 * HOUR] : [YEAR_H, 10 * YEAR_H]
    const objective = 'p_downtime_gt_1h_in_1y_from_all_up' in values ? HOUR_A_YEAR : null
    const answers = namedAnswers(model, service, horizon, at, objective)
    for (const [name, [expected, relativeError]] of Object.entries(values)) {
      const computed = answers[name]
      if (computed === undefined) continue
      yield judged({
        table: TABLE,
        case: `${scenario}, exact, ${name}`,
        expected: String(expected),
        computed: String(computed),
        measure: 'relative error',
        distance: Math.abs(computed / expected - 1),
        limit: Math.max(DIGITS, 3 * relativeError),
      })
    }
    const unavailability = (values['steady_unavailability'] ?? values['steady_p_not_minimum'])?.[0]
    if (unavailability === undefined) continue
    const estimated = (how: string, mean: number, error: number) =>
      judged({
        table: TABLE,
        case: `${scenario}, ${how}, unavailability`,
        expected: String(unavailability),
        computed: `${mean.toPrecision(5)} ± ${error.toPrecision(2)}`,
        measure: 'standard errors',
        distance: Math.abs(mean - unavailability) / error,
        limit: STANDARD_ERRORS,
      })
    const rare = solveRarely(model, { service, seed, precision: RARE_PRECISION })
    if (rare.kind === 'solved') {
      const { mean, lo, hi } = rare.service.unavailability
      // A walk that always tells the same has no spread but that of rounding.
      yield estimated('biased cycles', mean, Math.max(((hi ?? mean) - lo) / 3.92, 1e-12 * mean))
    }
    const { replications, hours } = fast ? SIZES.fast : SIZES.full
    const simulated = simulatedUnavailability(model, service, `${seed}/${scenario}`, replications, hours)
    // Too rare to be seen: nothing to hold against.
    if (simulated.error > 0) yield estimated('simulated', simulated.mean, simulated.error)
  }
}
