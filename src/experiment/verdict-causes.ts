import type { ServiceResult, VariantResult } from './result.ts'
import { causeWords, named, serviceOf, shareWords } from './verdict-words.ts'

/** At least this share of a loss makes a cause the one to name. */
const MOST = 0.5
/** From this share of a difference on it is one cause's doing. */
const ITS_DOING = 0.6
/** A cause whose loss falls by less than this share is not helped against. */
const HELPED = 0.1

/** `, most of it from changes (99 %)`, of a single variant. */
export function biggestCause(result: ServiceResult): string {
  const [biggest] = result.causes
  if (biggest === undefined || !(result.lostSecondsPerYear.mean > 0)) return ''
  // Where outages are not lived through nobody is named: all that is known is that parts are behind it.
  if (result.causes.length === 1 && biggest.cause === 'parts') return ''
  const share = biggest.secondsPerYear / result.lostSecondsPerYear.mean
  if (result.causes.length === 1) return `, all of it from ${causeWords(biggest.cause)}`
  const words = share > MOST ? 'most of it' : 'the biggest part'
  return `, ${words} (${shareWords(share)}) from ${causeWords(biggest.cause)}`
}

/** The cause that makes the difference between two variants, where one does, and which share of it. */
export function differenceCause(
  service: string,
  baseline: VariantResult,
  variant: VariantResult,
): { readonly cause: string; readonly share: number } | null {
  const [before, after] = [serviceOf(baseline, service), serviceOf(variant, service)]
  const difference = after.lostSecondsPerYear.mean - before.lostSecondsPerYear.mean
  const names = new Set([...before.causes, ...after.causes].map(({ cause }) => cause))
  if (names.size < 2 || difference === 0) return null
  const parts = [...names].map((cause) => ({
    cause,
    share: (lostTo(after, cause) - lostTo(before, cause)) / difference,
  }))
  const most = parts.reduce((best, part) => (part.share > best.share ? part : best))
  return most.share < ITS_DOING ? null : most
}

/**
 * `; 99 % of what either loses comes from changes, against which five does not help`: the one cause that rules every variant
 * and that none of them does much about, when there is one.
 *
 * @param told a cause that was named already
 */
export function rulingCause(
  service: string,
  variants: readonly VariantResult[],
  saves: boolean,
  told: string | null = null,
): string {
  const results = variants.map((variant) => serviceOf(variant, service))
  const first = results[0]!
  const cause = first.causes[0]?.cause
  if (cause === undefined || cause === told || !(first.lostSecondsPerYear.mean > 0)) return ''
  if (results.every((result) => result.causes.length < 2)) return ''
  const shares = results.map((result) => lostTo(result, cause) / result.lostSecondsPerYear.mean)
  const before = lostTo(first, cause)
  const alike = results.every((result) => Math.abs(lostTo(result, cause) - before) <= HELPED * before)
  if (!alike || !shares.every((share) => share >= MOST)) return ''
  const least = Math.min(...shares)
  const words = `${shareWords(least)} ${least < Math.max(...shares) - 0.01 ? 'or more ' : ''}of what ${variants.length === 2 ? 'either' : 'each'} loses`
  const help = !saves
    ? ''
    : `, against which ${variants.length === 2 ? `${named(variants[1]!)} does not` : 'none of them'}`
  const tail = !saves ? ', whichever is chosen' : `${help} ${variants.length === 2 ? 'help' : 'helps'}`
  return `; ${words} comes from ${causeWords(cause)}${tail}`
}

function lostTo(result: ServiceResult, cause: string): number {
  return result.causes.find((entry) => entry.cause === cause)?.secondsPerYear ?? 0
}
