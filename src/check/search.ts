import fc from 'fast-check'
import { integerBelow, randomFrom } from '../engine/random.ts'
import type { Violation } from '../observe/invariants/violation.ts'
import { type FixedSettings, type GroupSettings, plansFor, type StepFamily } from './arbitrary.ts'
import type { Mutation } from './host-rules.ts'
import type { CheckPlan } from './plan.ts'
import { runPlan } from './run-plan.ts'
import { shrunk } from './shrink.ts'

/** Runs that fast-check's own shrinking may take before ours goes on from what it has. */
const SHRINK_RUNS = 300

/** What to search, and for how long. */
export interface Search {
  readonly group: GroupSettings
  /** Settings not drawn anew for each run. */
  readonly fixed?: FixedSettings
  /** Kinds of steps to draw from; default all. */
  readonly families?: readonly StepFamily[]
  /** All chance of the search comes from this text. */
  readonly seed: string
  readonly runs: number
  /** A bug put in on purpose; tests only. */
  readonly mutation?: Mutation | undefined
  /** Whether a schedule that breaks an invariant is made small (default: yes). */
  readonly shrinks?: boolean
  /** Asked between runs: whether time is up. */
  readonly isOver?: () => boolean
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly runs: number
  readonly steps: number
}

/** What was found, with the smallest schedule that shows it. */
export interface Finding {
  readonly violation: Violation
  /** Run of the search in which it was found, from 1. */
  readonly run: number
  readonly plan: CheckPlan
  /** Steps of the schedule before it was shrunk. */
  readonly stepsBefore: number
}

export interface SearchResult {
  /** Inputs to members after which every invariant was checked; shrinking is not counted. */
  readonly steps: number
  readonly runs: number
  readonly finding: Finding | undefined
}

/** Runs random schedules until one breaks an invariant or the runs are over. */
export function search(options: Search): SearchResult {
  const { group, fixed = {}, families, seed, runs, mutation, shrinks = true, isOver, onProgress } = options
  const plans = plansFor(group, fixed, families)
  let steps = 0
  let run = 0
  while (run < runs && isOver?.() !== true) {
    run++
    let first: { plan: CheckPlan; violation: Violation } | undefined
    let tries = 0
    const property = fc.property(plans, (plan) => {
      if (++tries > (shrinks ? SHRINK_RUNS : 1)) return true
      const outcome = runPlan(plan, mutation)
      if (tries === 1) steps += outcome.steps
      if (outcome.violation === undefined) return true
      first ??= { plan, violation: outcome.violation }
      // While shrinking, another violation than the one found is another finding.
      return outcome.violation.invariant !== first.violation.invariant
    })
    const details = fc.check(property, { seed: seedOf(seed, run), numRuns: 1 })
    if (first !== undefined) {
      const stepsBefore = first.plan.steps.length
      if (!shrinks) return { steps, runs: run, finding: { ...first, run, stepsBefore } }
      const plan = shrunk(details.counterexample?.[0] ?? first.plan, first.violation.invariant, mutation)
      const violation = runPlan(plan, mutation).violation ?? first.violation
      return { steps, runs: run, finding: { violation, run, plan, stepsBefore } }
    }
    onProgress?.({ runs: run, steps })
  }
  return { steps, runs: run, finding: undefined }
}

/** A seed of fast-check's, a 32-bit integer, for each run by itself: run 7 is the same whatever went before. */
function seedOf(seed: string, run: number): number {
  return integerBelow(randomFrom(`check/${seed}/${run}`), 2 ** 31)
}
