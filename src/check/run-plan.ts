import { AssertionFailure } from '../base/assert.ts'
import type { Tracer } from '../engine/trace.ts'
import { InvariantBroken, type Violation } from '../observe/invariants/violation.ts'
import type { Mutation } from './host-rules.ts'
import { checkLiveness } from './liveness.ts'
import type { CheckPlan, CheckStep } from './plan.ts'
import { CheckWorld } from './world.ts'

/** How a checked run ended. */
export interface Outcome {
  /** Inputs to members after which every invariant was checked. */
  readonly steps: number
  readonly violation: Violation | undefined
  /** Simulated time of the violation, or of the end, in milliseconds. */
  readonly at: number
  /** The steps of the schedule that were done, their targets by name. */
  readonly performed: readonly CheckStep[]
}

/** Runs a schedule, checking every step, and then the time after its faults. The same plan ends the same way. */
export function runPlan(plan: CheckPlan, mutation?: Mutation, tracer?: Tracer): Outcome {
  const world = new CheckWorld(plan, mutation, tracer)
  const violation = violationOf(() => {
    world.start()
    world.pass(plan.settings.horizon)
    checkLiveness(world)
    world.checker.clients.finish()
  })
  return { steps: world.steps, violation, at: world.simulation.now, performed: world.performed }
}

function violationOf(run: () => void): Violation | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof InvariantBroken) return error.violation
    // Where etcd would panic: the process refuses to go on with a broken state.
    if (error instanceof AssertionFailure) return { invariant: 'panic', what: error.message }
    throw error
  }
}
