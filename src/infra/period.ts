import type { Ms } from '../base/units.ts'

/**
 * The first instant ≥ `at` of the series anchor, anchor + period, …: where a periodic timer stands that was not
 * simulated for a while. Exact on quantised values: the product of an integer and a multiple of 1/1024 ms is one too.
 */
export function firstAtOrAfter(anchor: Ms, period: Ms, at: Ms): Ms {
  if (at <= anchor) return anchor
  return (anchor + Math.ceil((at - anchor) / period) * period) as Ms
}

/** The last instant < `at` of the series; may lie before the anchor. */
export function lastBefore(anchor: Ms, period: Ms, at: Ms): Ms {
  return (anchor + (Math.ceil((at - anchor) / period) - 1) * period) as Ms
}
