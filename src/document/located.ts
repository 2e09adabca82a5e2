import type { Problem } from '../base/result.ts'

/** Where a value stands in its document: keys of mappings and indices of lists. */
export type Path = readonly (string | number)[]

/** Where a value was written. A value from the command line has no file. */
export interface Place {
  readonly file: string | undefined
  readonly line: number | undefined
  readonly column: number | undefined
  /** Of the key that leads to the value; the value's own place for list items and the root. */
  readonly keyLine: number | undefined
  readonly keyColumn: number | undefined
  /** Path within its own file, which may differ from the path in a document it was merged into. */
  readonly path: Path
  /** The scalar as it was typed (`007`, not 7); undefined for mappings and lists. */
  readonly source: string | undefined
}

/** A plain value that remembers, for each of its parts, where it was written. Never changed: edits make new ones. */
export interface Located {
  readonly value: unknown
  readonly places: ReadonlyMap<string, Place>
}

const SEPARATOR = '\u0000'

/** Key of a path in {@link Located.places}. */
export function placeKey(path: Path): string {
  return path.join(SEPARATOR)
}

/** `variants.five.nodes.control-plane.count`, with list indices as `actions[2]`. */
export function formatPath(path: Path): string {
  let text = ''
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`
    else text += text === '' ? segment : `.${segment}`
  }
  return text
}

/** The place of the value, or of the nearest of its parents that was written somewhere. */
export function placeOf(located: Located, path: Path): Place | null {
  for (let length = path.length; length >= 0; length--) {
    const place = located.places.get(placeKey(path.slice(0, length)))
    if (place === undefined) continue
    return length === path.length
      ? place
      : { ...place, path: [...place.path, ...path.slice(length)], source: undefined }
  }
  return null
}

/** A problem with the value at `path` (or with its key), told where it was written. */
export function problemAt(located: Located, path: Path, message: string, what: 'value' | 'key' = 'value'): Problem {
  const place = placeOf(located, path)
  if (place === null) return { path: formatPath(path), message }
  return {
    file: place.file,
    line: what === 'key' ? place.keyLine : place.line,
    column: what === 'key' ? place.keyColumn : place.column,
    path: formatPath(place.path),
    message,
  }
}

/** The value at `path`, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let here = value
  for (const segment of path) {
    if (typeof here !== 'object' || here === null) return undefined
    if (!Object.hasOwn(here, segment)) return undefined
    here = (here as Record<string | number, unknown>)[segment]
  }
  return here
}

/** The part of a document at `path`, as a document of its own that still knows where it was written. */
export function partAt(located: Located, path: Path): Located {
  const places = new Map<string, Place>()
  const nearest = placeOf(located, path)
  if (nearest !== null) places.set('', nearest)
  const prefix = placeKey(path) + SEPARATOR
  for (const [key, place] of located.places) {
    if (path.length === 0 || key.startsWith(prefix))
      places.set(path.length === 0 ? key : key.slice(prefix.length), place)
  }
  return { value: valueAt(located.value, path), places }
}

/** Places of `base` with those of `part` in the stead of everything at and below `path`. */
export function graftPlaces(base: Located, path: Path, part: Located): Map<string, Place> {
  const at = placeKey(path)
  const places = new Map<string, Place>()
  for (const [key, place] of base.places) {
    const replaced = path.length === 0 || key === at || key.startsWith(at + SEPARATOR)
    if (!replaced) places.set(key, place)
  }
  for (const [key, place] of part.places) {
    const joined = path.length === 0 ? key : key === '' ? at : at + SEPARATOR + key
    places.set(joined, place)
  }
  return places
}

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
