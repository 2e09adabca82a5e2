import { closest } from '../document/suggest.ts'

/** `; did you mean --seed?` when a known name is near what was typed, else nothing. */
export function didYouMean(typed: string, known: readonly string[], prefix = ''): string {
  const near = closest(typed, known)
  return near === null ? '' : `; did you mean ${prefix}${near}?`
}
