/** One line of a table run again: what is expected, what came out, and whether they agree. */
export interface ValidationCase {
  readonly table: string
  readonly case: string
  readonly expected: string
  readonly computed: string
  /** What `distance` is. */
  readonly measure: string
  readonly distance: number
  /** The largest distance that agrees; null where the case is shown and not judged. */
  readonly limit: number | null
  readonly verdict: 'agrees' | 'differs' | 'not judged'
}

/** How a table is run. */
export interface ValidationOptions {
  readonly seed: string
  /** Fewer trials, and limits wider by what that adds in chance. */
  readonly fast: boolean
}

/** Judges a case by its distance. */
export function judged(of: Omit<ValidationCase, 'verdict'>): ValidationCase {
  if (of.limit === null) return { ...of, verdict: 'not judged' }
  return { ...of, verdict: of.distance <= of.limit ? 'agrees' : 'differs' }
}
