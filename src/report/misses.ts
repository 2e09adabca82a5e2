import { formatDuration, formatPercent } from '../base/format.ts'
import { BY_FITS, isFitted } from '../experiment/fitted.ts'
import type { Estimate, Slo } from '../experiment/result.ts'
import { isBound, isExact } from './facts.ts'

/**
 * How often an objective is missed, by month and by horizon, as `4.4 % [4.2 … 4.6] of months` and `31 % [29 … 33] of years`.
 * What is not known is left out; files of earlier versions tell months alone, without an interval.
 */
export function missWords(slo: Slo): readonly string[] {
  const { probabilityOfMissInAMonth: plain, horizonSeconds } = slo
  const month = slo.missInAMonth ?? null
  const horizon = slo.missInHorizon ?? null
  const plainly = plain === null ? [] : [`${formatPercent(plain)} of months`]
  return [
    ...(month === null ? plainly : [shareWords(month, 'months')]),
    ...(horizon === null ? [] : [shareWords(horizon, spans(horizonSeconds))]),
  ]
}

function shareWords(of: Estimate, what: string): string {
  return `${probabilityWords(of)} of ${what}${isFitted(of) ? ` ${BY_FITS}` : ''}`
}

function spans(seconds: number): string {
  const each = formatDuration(seconds)
  return each === '1 y' ? 'years' : `stretches of ${each}`
}

/** `4.4 % [4.2 … 4.6]`, or a bound. */
export function probabilityWords(of: Estimate): string {
  if (isExact(of)) return formatPercent(of.mean)
  if (isBound(of)) return `< ${formatPercent(of.hi ?? 1)}`
  if (of.mean === 1 && of.hi === 1) return `> ${formatPercent(of.lo)}`
  const [lo, hi] = [of.lo, of.hi ?? 1].map((end) => formatPercent(end).replace(/ %$/, ''))
  return `${formatPercent(of.mean)} [${lo} … ${hi}]`
}
