import { formatDuration, formatPercent } from '../base/format.ts'
import { SECONDS_PER_YEAR } from '../base/units.ts'
import type { Comparison, Estimate, ServiceResult, Slo, VariantResult } from './result.ts'
import { listed, named } from './verdict-words.ts'

/** What holds for the means of uncertain inputs is said without reserve where it holds in so many draws of them. */
const SURE = 0.95

const INPUTS = 'what the inputs may be'

/** `, in 95 % of what the inputs may be 24 s to 2 d`: what is lost, beside what is lost for the means. */
export function drawnRange({ inputUncertainty: of }: ServiceResult): string {
  if (of == null) return ''
  const a = (unavailability: number) => formatDuration(unavailability * SECONDS_PER_YEAR)
  return `, in 95 % of ${INPUTS} ${a(of.p2_5)} to ${a(of.p97_5)}`
}

/** `though only in 71 % of what the inputs may be`, where the variant saves (or loses) in so few draws; else nothing. */
export function drawnDoubt(comparison: Comparison, saves: boolean): string {
  const of = comparison.inputUncertainty
  return of == null ? '' : doubt(saves ? of.better : of.worse)
}

function doubt(holds: Estimate): string {
  return holds.mean >= SURE ? '' : `though only in ${formatPercent(holds.mean)} of ${INPUTS}`
}

/** `, though less than “b” only in 71 % …`: against the one of the others from which the draws tell it least. */
export function drawnBest(
  others: readonly { readonly variant: VariantResult; readonly comparison: Comparison }[],
): string {
  const shares = others.flatMap(({ variant, comparison: { inputUncertainty: of } }) =>
    of == null ? [] : [{ variant, worse: of.worse }],
  )
  const least = shares.reduce((most, one) => (one.worse.mean < most.worse.mean ? one : most), shares[0]!)
  if (shares.length === 0 || least.worse.mean >= SURE) return ''
  return `, though less than ${named(least.variant)} only in ${formatPercent(least.worse.mean)} of ${INPUTS}`
}

/** How an objective fares in the draws, where that is not as for the means. */
export function drawnObjective({ met, metInDraws }: Slo): string {
  if (metInDraws === undefined || (met ? metInDraws.mean : 1 - metInDraws.mean) >= SURE) return ''
  const share = formatPercent(metInDraws.mean)
  return met ? `, though only in ${share} of ${INPUTS}` : `, though in ${share} of ${INPUTS} it is met`
}

/** The same of several variants: `, of what the inputs may be three meets it in 71 % and five in 80 %`. */
export function drawnObjectives(service: string, variants: readonly VariantResult[]): string {
  const open = variants.flatMap((variant) => {
    const slo = variant.services[service]?.slo
    return slo == null || drawnObjective(slo) === '' ? [] : [{ variant, share: slo.metInDraws!.mean }]
  })
  if (open.length === 0) return ''
  const shares = open.map(
    ({ variant, share }, i) => `${named(variant)}${i > 0 ? '' : ' meets it'} in ${formatPercent(share)}`,
  )
  return `, of ${INPUTS} ${listed(shares)}`
}
