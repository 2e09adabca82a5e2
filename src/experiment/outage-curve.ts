import type { ServiceResult } from './result.ts'

/** Points of the curve are at least this factor of seconds apart. */
const CURVE_STEP = 10 ** 0.1

/** Points of the distribution of outage lengths, for charts. @param steps lengths (ms), ascending, and how many are at most as long */
export function outageCurve(
  steps: readonly { readonly edge: number; readonly count: number }[],
): ServiceResult['outageCurve'] {
  const whole = steps.at(-1)?.count ?? 0
  const points: { seconds: number; share: number }[] = []
  let next = 0
  steps.forEach(({ edge, count }, i) => {
    if (edge < next && i + 1 < steps.length) return
    points.push({ seconds: edge / 1000, share: count / whole })
    next = edge * CURVE_STEP
  })
  return points
}
