import { formatDuration } from '../base/format.ts'
import { isOfAlike } from '../stats/interval.ts'
import type { Comparison, VariantResult } from './result.ts'
import { yearsWords } from './verdict-words.ts'

/** Solved values nearer than this, relatively, are the same: what lies between is rounding. */
const ROUNDING = 1e-8

/** Whether two solved variants lose the same, to all digits that count. */
export function isSame({ lostSecondsPerYear: { level, n, lo, hi }, ratio }: Comparison): boolean {
  if (level < 1 || n > 0) return false
  if (ratio === null) return lo === 0 && hi === 0
  return ratio.lo > 1 - ROUNDING && ratio.hi !== null && ratio.hi < 1 + ROUNDING
}

/** Whether two variants lost the same in every replication: a difference may have been missed, but none was seen. */
export function noneDiffered({ lostSecondsPerYear }: Comparison): boolean {
  return isOfAlike(lostSecondsPerYear)
}

/** ` in 64 years, at most 10 s either way (95 %)`: what "no difference" rests on; nothing where it is known. */
export function howAlike(comparison: Comparison, variant: VariantResult): string {
  if (!noneDiffered(comparison)) return ''
  const { hi } = comparison.lostSecondsPerYear
  return ` in ${yearsWords(variant)}${hi === null ? '' : `, at most ${formatDuration(hi)} either way (95 %)`}`
}
