import type { Estimate } from './result.ts'

/**
 * What is told of values that rest on phase-type fits. The fit's distance to the law is known, but not what it does to the
 * value, so their interval is all that the value could be: `level` 1 is true of that, and of nothing narrower.
 */
export const NO_BOUND = 'no bound known'

/** How values that rest on fits are told from others, in words. */
export const BY_FITS = 'by fitted laws'

/** How sure a solved value is, in words. */
export function sureness(estimate: Pick<Estimate, 'method'>): string {
  return isFitted(estimate) ? `${BY_FITS}, ${NO_BOUND}` : 'exact'
}

/**
 * A value as it is shown: of one that rests on fits the mean alone, since an interval of all there is would round it away.
 * Who shows it says by what it was found, with {@link sureness}.
 */
export function shown<E extends Estimate>(estimate: E): E {
  return isFitted(estimate) ? { ...estimate, lo: estimate.mean, hi: estimate.mean } : estimate
}

const ENDING = `; ${NO_BOUND}`

/** An estimate by fits: `most` is what the value cannot exceed; null: nothing. */
export function fittedEstimate(mean: number, most: number | null, method: string): Estimate {
  return { mean, lo: 0, hi: most, level: 1, n: 0, method: `${method}${ENDING}` }
}

/** Whether a value is a {@link fittedEstimate}: it rests on laws that stand in for others. */
export function isFitted({ method }: Pick<Estimate, 'method'>): boolean {
  return method.endsWith(ENDING)
}
