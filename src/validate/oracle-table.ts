import { assert } from '../base/assert.ts'
import { solveRarely } from '../structure/rare/solve.ts'
import { loadSolver } from './linear-programme.ts'
import { type NamedAnswers, NOT_JUDGED, oracleAnswers, questionOf } from './oracle-answers.ts'
import { detectionCases } from './oracle-detection.ts'
import { QUORUM_ORACLES } from './oracle-quorum-values.ts'
import { QUORUM_SYSTEMS, quorumAnswers } from './oracle-quorums.ts'
import { ORACLE_SYSTEMS } from './oracle-systems.ts'
import { ORACLE_VALUES } from './oracle-values.ts'
import { within } from './relative-error.ts'
import { simulatedUnavailability } from './simulated.ts'
import { judged, unanswered, type ValidationCase, type ValidationOptions } from './validation-case.ts'

const TABLE = 'oracles'
/** Relative error that exact solutions may have, unless the reference itself has more than a third of it. */
const DIGITS = 1e-10
/** Estimates may stray this far, in standard errors: one in some sixteen thousand does by chance. */
const STANDARD_ERRORS = 4
const RARE_PRECISION = 0.02
const SIZES = { full: { replications: 400, hours: 200_000 }, fast: { replications: 60, hours: 100_000 } } as const

/** Reference systems by every solver that applies: exactly, by biased cycles, event by event. */
export async function* oracleCases(options: ValidationOptions): AsyncIterable<ValidationCase> {
  yield* systemCases(options)
  yield* detectionCases(options, TABLE)
  const minimise = await loadSolver()
  for (const [scenario, system] of Object.entries(QUORUM_SYSTEMS)) {
    yield* exactCases(scenario, QUORUM_ORACLES[scenario] ?? {}, quorumAnswers(system, minimise))
  }
}

function* systemCases({ seed, fast }: ValidationOptions): Iterable<ValidationCase> {
  for (const [scenario, build] of Object.entries(ORACLE_SYSTEMS)) {
    const model = build()
    const { service } = questionOf(scenario, model)
    const values = ORACLE_VALUES[scenario] ?? {}
    yield* exactCases(scenario, values, oracleAnswers(scenario, model))
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

/** Every value of a scenario, exactly: with an answer, or with the reason why there is none. */
function* exactCases(
  scenario: string,
  values: { readonly [name: string]: readonly [value: number, relativeError: number] },
  answers: NamedAnswers,
): Iterable<ValidationCase> {
  for (const [name, [expected, relativeError]] of Object.entries(values)) {
    const computed = answers[name]
    if (computed === undefined) {
      const reason = NOT_JUDGED[name]
      assert(reason !== undefined, `${scenario}: ${name} has an answer, or a reason for none`)
      yield unanswered(TABLE, `${scenario}, ${name}`, String(expected), reason)
      continue
    }
    yield within(TABLE, `${scenario}, exact, ${name}`, expected, computed, Math.max(DIGITS, 3 * relativeError))
  }
}
