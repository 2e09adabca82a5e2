/** One line of a table run again: what is expected, what came out, and whether they agree. */
export interface ValidationCase {
  readonly table: string
  readonly case: string
  readonly expected: string
  readonly computed: string
  /** What `distance` is; without one, why the case is not judged. */
  readonly measure: string
  /** null: nothing was computed to measure from. */
  readonly distance: number | null
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
export function judged(of: Omit<ValidationCase, 'verdict'> & { readonly distance: number }): ValidationCase {
  if (of.limit === null) return { ...of, verdict: 'not judged' }
  return { ...of, verdict: of.distance <= of.limit ? 'agrees' : 'differs' }
}

/** A value that is known and that nothing computes: shown with the reason, so that it is not passed over in silence. */
export function unanswered(table: string, name: string, expected: string, reason: string): ValidationCase {
  return {
    table,
    case: name,
    expected,
    computed: 'no answer',
    measure: reason,
    distance: null,
    limit: null,
    verdict: 'not judged',
  }
}
