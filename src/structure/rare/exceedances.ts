import type { Estimate } from '../../stats/interval.ts'
import { addTo, type Moments, newMoments } from '../../stats/moments.ts'
import { noneOf } from '../../stats/none-of.ts'

/** Biased cycles that lose more than an allowed time, whether their chain is walked or they are lived through. */
export interface Exceedances {
  /** By cycle, or by sample of cycles: the likelihood ratios of those that lost more. */
  readonly cycles: Moments
  /** The same, each times how long it was from its first loss to its last (ms). */
  readonly spans: Moments
}

/** What they come to: how often such a cycle comes, and how long its losses last. */
export interface Excess {
  /** Per millisecond. */
  readonly rate: Estimate
  /** From their first loss to their last (ms), on average; 0: none was seen. */
  readonly span: number
}

export function newExceedances(): Exceedances {
  return { cycles: newMoments(), spans: newMoments() }
}

/** @param cycles ratios of one cycle or sample that lost more, 0 if it did not @param spans the same times their spans */
export function addExceedances(
  { cycles, spans }: Exceedances,
  added: { readonly cycles: number; readonly spans: number },
): void {
  addTo(cycles, added.cycles)
  addTo(spans, added.spans)
}

/**
 * @param rateOf how often what was counted comes (per millisecond)
 * @param losing how often a cycle comes that loses anything, and how many equal ones were seen: the bound where none lost more
 */
export function excessOf(
  { cycles, spans }: Exceedances,
  rateOf: (counted: Moments) => Estimate,
  losing: { readonly rate: Estimate; readonly hits: number },
): Excess {
  if (cycles.hits === 0) return { rate: noneOf(losing.rate, losing.hits), span: 0 }
  return { rate: rateOf(cycles), span: spans.mean / cycles.mean }
}
