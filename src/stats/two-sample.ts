/** The Kolmogorov–Smirnov distance of two samples and how often chance alone gives at least that. */
export interface TwoSample {
  readonly distance: number
  readonly p: number
}

/** Up to this product of sizes the p-value is exact. */
const EXACT_UP_TO = 1_000_000

/**
 * Two-sample Kolmogorov–Smirnov test. Exact p-value (lattice paths; conservative with ties) for sizes whose product is at
 * most 10⁶, else the asymptotic one with Stephens' correction (1970).
 */
export function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): TwoSample {
  if (a.length === 0 || b.length === 0) return { distance: 0, p: 1 }
  const distance = distanceOf(ascending(a), ascending(b))
  const p =
    a.length * b.length <= EXACT_UP_TO
      ? exactP(distance, a.length, b.length)
      : asymptoticP(distance, a.length, b.length)
  return { distance, p }
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((x, y) => x - y)
}

function distanceOf(a: readonly number[], b: readonly number[]): number {
  let i = 0
  let j = 0
  let distance = 0
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i]!, b[j]!)
    while (i < a.length && a[i]! <= x) i++
    while (j < b.length && b[j]! <= x) j++
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length))
  }
  return distance
}

/** One minus the share of lattice paths from (0, 0) to (m, n) that stay closer than the distance to the diagonal. */
function exactP(distance: number, m: number, n: number): number {
  const limit = (0.5 + Math.floor(distance * m * n - 1e-7)) / (m * n)
  const inside = new Float64Array(n + 1)
  for (let j = 0; j <= n; j++) inside[j] = j / n > limit ? 0 : 1
  for (let i = 1; i <= m; i++) {
    const weight = i / (i + n)
    inside[0] = i / m > limit ? 0 : weight * inside[0]!
    for (let j = 1; j <= n; j++) {
      inside[j] = Math.abs(i / m - j / n) > limit ? 0 : weight * inside[j]! + inside[j - 1]!
    }
  }
  return Math.min(1, Math.max(0, 1 - inside[n]!))
}

function asymptoticP(distance: number, m: number, n: number): number {
  const size = Math.sqrt((m * n) / (m + n))
  const lambda = (size + 0.12 + 0.11 / size) * distance
  if (lambda < 0.2) return 1
  let sum = 0
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * k * k * lambda * lambda)
    sum += k % 2 === 1 ? term : -term
    if (term < 1e-12) break
  }
  return Math.min(1, Math.max(0, 2 * sum))
}
