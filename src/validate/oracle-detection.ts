import { type Ms, ms } from '../base/units.ts'
import type { CheckSettings } from '../components/load-balancer/server-check.ts'
import type { HealthAnswer } from '../protocol/http-health.ts'
import { addTo, newMoments, standardErrorOf } from '../stats/moments.ts'
import { crashUnderBalancer, detectionTimes } from './health-check-lab.ts'
import { judged, type ValidationCase, type ValidationOptions } from './validation-case.ts'

/**
 * Reference values of health checks with their relative errors, closed forms: every 2 s, three failures in a row, a
 * time-out of 1 s where nothing answers; the next check starts one interval after the *end* of the last. Requests: 300 a
 * second, in turn over three servers of which one crashes and refuses.
 */
export const DETECTION_ORACLES: {
  readonly [scenario: string]: { readonly [name: string]: readonly [number, number] }
} = {
  'F13-a-refused': { detect_min_s: [4, 1e-15], detect_mean_s: [5, 1e-15], detect_max_s: [6, 1e-15] },
  'F13-a-timeout': { detect_min_s: [7, 1e-15], detect_mean_s: [8, 1e-15], detect_max_s: [9, 1e-15] },
  'F13-a-requests': {
    failed_fraction_without_redispatch_while_undetected: [0.3333333333333333, 1e-15],
    failed_fraction_with_redispatch: [0, 1e-15],
    expected_failed_requests_per_crash_without_redispatch: [500, 1e-15],
    expected_failed_requests_with_redispatch: [0, 1e-15],
  },
}

const INTER = ms(2000)
const SERVERS = 3
const REQUESTS_PER_MS = 300 / 1000
const CHECK: CheckSettings = {
  kind: 'http',
  inter: INTER,
  fastinter: INTER,
  downinter: INTER,
  fall: 3,
  rise: 2,
  timeoutCheck: null,
  timeoutConnect: null,
}
const FAILURES: { readonly [scenario: string]: readonly [CheckSettings, HealthAnswer] } = {
  'F13-a-refused': [CHECK, 'refused'],
  'F13-a-timeout': [{ ...CHECK, timeoutCheck: ms(1000) as Ms }, 'hangs'],
}

const PHASES = { full: 20_000, fast: 2000 } as const
const CRASHES = { full: 20_000, fast: 2000 } as const
/** Means over evenly spread phases are off by the rounding of time to 1/1024 ms. */
const ROUNDING = 1e-6
const STANDARD_ERRORS = 4

/** Health checks and what fails until they have seen a crash, with the balancer of every simulated cluster. */
export function* detectionCases({ seed, fast }: ValidationOptions, table: string): Iterable<ValidationCase> {
  const size = fast ? 'fast' : 'full'
  for (const [scenario, [check, failure]] of Object.entries(FAILURES)) {
    const seconds = detectionTimes(check, failure, PHASES[size]).map((time) => time / 1000)
    // The first and the last phase lie half a step inside the interval.
    const step = INTER / 1000 / PHASES[size]
    const computed: { readonly [name: string]: readonly [value: number, limit: number] } = {
      detect_min_s: [seconds.reduce((least, each) => Math.min(least, each)), step],
      detect_mean_s: [seconds.reduce((sum, each) => sum + each, 0) / seconds.length, ROUNDING],
      detect_max_s: [seconds.reduce((most, each) => Math.max(most, each)), step],
    }
    for (const [name, [value, limit]] of Object.entries(computed)) {
      yield against({ table, scenario, name }, value, 'relative error', limit)
    }
  }
  yield* requestCases(`${seed}/requests`, CRASHES[size], table)
}

function* requestCases(seed: string, crashes: number, table: string): Iterable<ValidationCase> {
  const scenario = 'F13-a-requests'
  const [without, redispatched] = [false, true].map((redispatch) => playCrashes(redispatch, seed, crashes))
  const name = 'failed_fraction_without_redispatch_while_undetected'
  yield against({ table, scenario, name }, without!.failing.mean, 'relative error', ROUNDING)
  const fraction = { table, scenario, name: 'failed_fraction_with_redispatch' }
  yield against(fraction, redispatched!.failing.max, 'absolute error', 0)
  const expected = DETECTION_ORACLES[scenario]!['expected_failed_requests_per_crash_without_redispatch']![0]
  const { failed } = without!
  yield judged({
    table,
    case: `${scenario}, simulated, expected_failed_requests_per_crash_without_redispatch`,
    expected: String(expected),
    computed: `${failed.mean.toPrecision(5)} ± ${standardErrorOf(failed).toPrecision(2)}`,
    measure: 'standard errors',
    distance: Math.abs(failed.mean - expected) / standardErrorOf(failed),
    limit: STANDARD_ERRORS,
  })
  const never = 'expected_failed_requests_with_redispatch'
  yield against({ table, scenario, name: never }, redispatched!.failed.max, 'absolute error', 0)
}

function playCrashes(redispatch: boolean, seed: string, crashes: number) {
  const [failing, failed] = [newMoments(), newMoments()]
  for (let trial = 0; trial < crashes; trial++) {
    const seen = crashUnderBalancer({ check: CHECK, servers: SERVERS, redispatch }, seed, trial)
    addTo(failing, seen.failing)
    addTo(failed, seen.failedMs * REQUESTS_PER_MS)
  }
  return { failing, failed }
}

function against(
  { table, scenario, name }: { readonly table: string; readonly scenario: string; readonly name: string },
  computed: number,
  measure: 'relative error' | 'absolute error',
  limit: number,
): ValidationCase {
  const expected = DETECTION_ORACLES[scenario]![name]![0]
  return judged({
    table,
    case: `${scenario}, simulated, ${name}`,
    expected: String(expected),
    computed: String(computed),
    measure,
    distance: Math.abs(computed - expected) / (measure === 'relative error' ? expected : 1),
    limit,
  })
}
