import { formatDuration } from '../base/format.ts'
import type { Problem } from '../base/result.ts'
import { YEAR } from '../base/units.ts'
import { isMapping, type Located, partAt, problemAt, valueAt } from '../document/located.ts'
import { readShare } from '../document/quantities.ts'
import { closest } from '../document/suggest.ts'
import { type RunConfig, SOLVERS, type Solver } from './config.ts'
import * as say from './messages.ts'
import { type LocatedPlan, toPlan } from './plan.ts'
import { type ReadFile, readNamedYaml } from './sources.ts'
import { LONGEST_HORIZON, type RunSpec } from './spec.ts'

/** Values of the command line that go before the file's, as typed. */
export interface RunOverrides {
  readonly seed?: string | undefined
  /** Such as `5%`. */
  readonly precision?: string | undefined
  readonly maxYears?: string | number | undefined
  readonly replications?: string | number | undefined
  /** false: `--no-skip`. */
  readonly skip?: boolean | undefined
  readonly solver?: string | undefined
}

/** When an experiment names no end: the first of these that is reached. */
const DEFAULT_PRECISION = 0.2
const DEFAULT_MAX_YEARS = 20_000
/** A replication that needs more events than this is broken. */
const MAX_EVENTS = 200_000_000

/** The total run section: file, then command line, then defaults where neither names an end. */
export function toRun(
  spec: RunSpec,
  plan: LocatedPlan | null,
  overrides: RunOverrides,
  experiment: Located,
  problems: Problem[],
): RunConfig {
  const solver = solverOf(overrides.solver, problems) ?? spec.solver
  if (spec.horizon > LONGEST_HORIZON) {
    problems.push(
      problemAt(
        experiment,
        ['run', 'horizon'],
        say.horizonTooLong(formatDuration(spec.horizon / 1000), LONGEST_HORIZON / YEAR),
      ),
    )
  }
  // A refused horizon has a stand-in here: what follows from it means nothing.
  const soundHorizon = !problems.some((problem) => problem.path === 'run.horizon')
  for (const [i, at] of spec.at.entries()) {
    if (!soundHorizon || at <= spec.horizon) continue
    const [late, horizon] = [at, spec.horizon].map((time) => formatDuration(time / 1000))
    problems.push(problemAt(experiment, ['run', 'at', i], say.afterHorizon(late!, horizon!)))
  }
  if (spec.precision === 0) problems.push(problemAt(experiment, ['run', 'precision'], say.tooSmall(0, '0%', true)))
  const precision = precisionOf(overrides.precision, problems) ?? spec.precision ?? null
  const replications = countOf('--replications', overrides.replications, problems) ?? spec.replications ?? null
  const maxYears = countOf('--max-years', overrides.maxYears, problems) ?? spec['max-years'] ?? null
  const endless = precision === null && replications === null && maxYears === null
  return {
    solver,
    start: spec.start,
    horizon: spec.horizon,
    precision: endless ? DEFAULT_PRECISION : precision,
    replications,
    // A precision alone may never be reached (a service that never fails): years bound it.
    maxYears: maxYears ?? (replications === null ? DEFAULT_MAX_YEARS : null),
    asksForSample: replications !== null || maxYears !== null,
    at: spec.at,
    faults: plan?.plan ?? null,
    random: spec.random ?? plan === null,
    uncertain: [],
    sensitivity: spec.sensitivity ?? null,
    skip: overrides.skip ?? true,
    maxEvents: MAX_EVENTS,
  }
}

/** The fault plan of `run.faults`: a file, or spelt out. */
export function planOf(experiment: Located, readFile: ReadFile, problems: Problem[]): LocatedPlan | null {
  const path = ['run', 'faults']
  const faults = valueAt(experiment.value, path)
  if (isMapping(faults)) return toPlan(partAt(experiment, path), problems)
  if (typeof faults !== 'string') return null
  const document = readNamedYaml(experiment, path, faults, readFile)
  if (document.ok) return toPlan(document.value, problems)
  problems.push(...document.problems)
  return null
}

function solverOf(text: string | undefined, problems: Problem[]): Solver | null {
  if (text === undefined) return null
  const solver = SOLVERS.find((known) => known === text)
  if (solver !== undefined) return solver
  problems.push({ path: '--solver', message: say.notNamed('solver', text, closest(text, SOLVERS), SOLVERS) })
  return null
}

function precisionOf(text: string | undefined, problems: Problem[]): number | null {
  if (text === undefined) return null
  const share = readShare(text)
  if (share.ok && share.value > 0) return share.value
  problems.push({ path: '--precision', message: share.ok ? say.tooSmall(text, '0%', true) : share.message })
  return null
}

function countOf(option: string, given: string | number | undefined, problems: Problem[]): number | null {
  if (given === undefined) return null
  const value = Number(given)
  const whole = option === '--max-years' || Number.isInteger(value)
  if (String(given).trim() !== '' && value > 0 && Number.isFinite(value) && whole) return value
  problems.push({
    path: option,
    message: say.wrongType(given, whole ? 'a number above zero' : 'a whole number above zero'),
  })
  return null
}
