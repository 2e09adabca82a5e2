import { NO_BOUND } from './fitted.ts'
import type { VariantResult } from './result.ts'
import { amountWords, listed, named, percentOf, rangeWords, serviceOf, things } from './verdict-words.ts'

/** So many variants are told of one by one; of more only the first. */
const TOLD = 6

/**
 * Of variants some of whose values rest on fits: what each loses. Which is the better one is left open, as what the fits do
 * to a difference is not known.
 */
export function fittedVerdict(service: string, variants: readonly VariantResult[]): string {
  const told = variants.slice(0, TOLD).map((variant) => {
    const lost = serviceOf(variant, service).lostSecondsPerYear
    return `${named(variant)} loses ${amountWords(lost)} (${rangeWords(lost)})`
  })
  const rest = variants.length > TOLD ? `; ${variants.length - TOLD} more are in the table` : ''
  const what = `Of ${things(service)} a year, ${listed(told)}${rest}`
  return `${what}; of their differences there is ${NO_BOUND}${objective(service, variants)}.`
}

function objective(service: string, variants: readonly VariantResult[]): string {
  const target = serviceOf(variants[0]!, service).slo?.target
  if (target === undefined) return ''
  const met = variants.filter((variant) => serviceOf(variant, service).slo?.met === true)
  if (met.length === 0) return `; none seems to meet ${percentOf(target)}`
  const who = met.length === variants.length ? 'all' : `only ${listed(met.map(named))}`
  return `; ${who} ${met.length === 1 && who !== 'all' ? 'seems' : 'seem'} to meet ${percentOf(target)}`
}
