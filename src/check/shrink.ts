import type { InvariantName } from '../observe/invariants/violation.ts'
import type { Mutation } from './host-rules.ts'
import type { CheckPlan, CheckSettings } from './plan.ts'
import { runPlan } from './run-plan.ts'

/** Trials in all: each is a run. */
const MAX_TRIALS = 400

/** Settings that may be what it takes; each is tried in its plainest form. */
const PLAIN: readonly Partial<CheckSettings>[] = [
  { loss: 0, duplicates: 0 },
  { transport: 'streams' },
  { drift: 0 },
  { snapshotEvery: 0 },
  { readEvery: 0 },
  { jitter: 0 },
  { maxInflightMsgs: 256 },
  { entriesPerAppend: 0 },
  { asyncStorage: false },
]

/** The schedule with every step and setting left out that the violation does not need. */
export function shrunk(plan: CheckPlan, invariant: InvariantName, mutation: Mutation | undefined): CheckPlan {
  let trials = 0
  let best = plan
  const tries = (candidate: CheckPlan): boolean => {
    if (trials >= MAX_TRIALS) return false
    trials++
    const { violation, performed } = runPlan(candidate, mutation)
    if (violation?.invariant !== invariant) return false
    // What came after the violation, or had nobody to happen to, plays no part in it.
    best = { ...candidate, steps: performed }
    return true
  }
  tries(plan)
  for (let length = best.steps.length; ; length = best.steps.length) {
    dropSteps(() => best, tries)
    for (const settings of PLAIN) {
      const changed = { ...best.settings, ...settings }
      if (JSON.stringify(changed) !== JSON.stringify(best.settings)) tries({ ...best, settings: changed })
    }
    if (best.steps.length === length) return best
  }
}

/** Leaves steps out, many at once first, then one by one. */
function dropSteps(current: () => CheckPlan, tries: (plan: CheckPlan) => boolean): void {
  for (let size = Math.ceil(current().steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = current().steps.length - size; from >= 0; ) {
      const { steps } = current()
      const kept = steps.filter((_, i) => i < from || i >= from + size)
      if (kept.length === steps.length || !tries({ ...current(), steps: kept })) from -= size
      else from = Math.min(from, current().steps.length - size)
    }
  }
}
