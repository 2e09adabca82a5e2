import { judged, type ValidationCase } from './validation-case.ts'

/** A number held against a known one. */
export function within(table: string, name: string, expected: number, computed: number, limit: number): ValidationCase {
  return judged({
    table,
    case: name,
    expected: String(expected),
    computed: String(computed),
    measure: 'relative error',
    distance: Math.abs(computed / expected - 1),
    limit,
  })
}

/** Half a unit of the last digit printed, relative. */
export function rounding(printed: number, digits: number): number {
  const exponent = Math.floor(Math.log10(Math.abs(printed)))
  return (0.5000001 * 10 ** (exponent - digits + 1)) / Math.abs(printed)
}
