import type { Layout } from './layout.ts'
import type { Phases } from './phases.ts'

/** How large the chains of a solver may be. */
export interface ChainSize {
  /** States, after like ones are lumped. */
  readonly states: number
  /** Ways in which the first phases of all that begins at one instant may fall, before like ones are lumped. */
  readonly draws: number
  /** Whether a larger chain may be cut: solved for fewer failures at once. */
  readonly cuts: boolean
}

/** Every way is gone through: that may take long though the chain itself is small. Where all fails at once it does so often. */
const ALL_AT_ONCE = 100

/** Whether a chain would be gone through too many draws of first phases: those of the start, or of repairs that begin together. */
export function hasTooManyDraws({ entities, shocks, propagations, needNodes }: Layout, { draws }: ChainSize): boolean {
  const failTogether =
    shocks.length > 0 || propagations.some((betas) => betas.length > 0) || needNodes.some((node) => node >= 0)
  const starts = entities.reduce((product, { failure }) => product * beginningsOf(failure), 1)
  const repairs = entities.reduce((product, { repair }) => product * beginningsOf(repair), 1)
  return starts > draws || (failTogether && repairs * ALL_AT_ONCE > draws)
}

/** Phases that a time may begin in. */
function beginningsOf(phases: Phases | null): number {
  return phases === null ? 1 : phases.initial.filter((share) => share > 0).length
}
