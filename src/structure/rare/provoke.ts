import type { Actor, Simulation } from '../../engine/simulation.ts'
import type { PartSystem } from '../part-system.ts'
import type { Strike } from './walk.ts'

/** Makes a system meet the strikes of a walk, in their order, each at its time. */
export function provoke(simulation: Simulation, system: PartSystem, strikes: readonly Strike[]): void {
  let next = 0
  const actor: Actor<undefined> = {
    handle: () => {
      const { source } = strikes[next]!
      next++
      plan()
      if (source.kind === 'part') system.fail(source.index)
      else system.strike(source.index)
    },
  }
  const plan = (): void => {
    const strike = strikes[next]
    if (strike !== undefined) simulation.scheduleAgenda(strike.at, actor, undefined)
  }
  plan()
}
