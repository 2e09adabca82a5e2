import { produce } from 'immer'
import type { Problem } from '../base/result.ts'
import {
  formatPath,
  graftPlaces,
  isMapping,
  type Located,
  type Path,
  placeKey,
  problemAt,
  valueAt,
} from '../document/located.ts'
import { closest } from '../document/suggest.ts'
import { readAnyYaml } from '../document/yaml.ts'
import * as say from './messages.ts'
import { type ReadFile, readProfile, withoutSources } from './sources.ts'

/** One assignment to a path of the model. */
export interface Edit {
  /** As typed: keys with dots between. */
  readonly path: string
  /** The new value, with where it was written. */
  readonly value: Located
}

/** Sections whose keys are names the user chose: a path may go into an existing one, or add a whole one. */
const NAMED_SECTIONS = new Set(['nodes', 'parts', 'crews', 'common-causes', 'maintenance', 'roles', 'services'])

/** `--set path=value`: the value is YAML, so `5`, `40s`, `true` and `{ kind: keepalived }` all work. */
export function editFromCommandLine(path: string, text: string, problems: Problem[]): Edit | null {
  const label = `--set ${path}`
  const value = readAnyYaml(undefined, text, [label])
  if (value.ok) return { path, value: withoutSources(value.value) }
  problems.push(...value.problems)
  return null
}

/** Keys and list indices of a dotted path, a key that holds dots in double quotes; null when it is none. */
function splitPath(path: string): string[] | null {
  const segment = /\s*(?:"([^"]+)"|([^\s".](?:[^".]*[^\s".])?))\s*(?:\.|$)/y
  const segments: string[] = []
  while (segment.lastIndex < path.length) {
    const found = segment.exec(path)
    if (found === null) return null
    segments.push((found[1] ?? found[2])!)
  }
  return path === '' || path.endsWith('.') ? null : segments
}

/**
 * The path in a document that dotted words mean; null when they are none. Where a mapping has a key that holds dots, the
 * longest that fits is meant.
 */
export function pathIn(value: unknown, path: string): string[] | null {
  const segments = splitPath(path)
  if (segments === null) return null
  const keys: string[] = []
  let here = value
  for (let at = 0; at < segments.length; ) {
    let end = segments.length
    while (end > at + 1 && !(isMapping(here) && Object.hasOwn(here, segments.slice(at, end).join('.')))) end--
    const key = segments.slice(at, end).join('.')
    keys.push(key)
    here = valueAt(here, [key])
    at = end
  }
  return keys
}

/** Whether one of two dotted paths is the other or leads to it. */
export function pathsMeet(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => splitPath(path)?.join('.') ?? path)
  return one === other || one!.startsWith(`${other}.`) || other!.startsWith(`${one}.`)
}

/** The model with the edit done and a named failure profile read in; problems are added, and the model is left as it was. */
export function applyEdit(model: Located, edit: Edit, readFile: ReadFile, problems: Problem[]): Located {
  const refuse = (message: string): Located => {
    problems.push(problemAt(edit.value, [], message, 'key'))
    return model
  }
  const segments = pathIn(model.value, edit.path)
  if (segments === null) return refuse(say.badPath(edit.path))
  const path: (string | number)[] = []
  let here: unknown = model.value
  for (const [i, segment] of segments.entries()) {
    const inList = Array.isArray(here)
    if (inList && !(/^\d+$/.test(segment) && Number(segment) < (here as unknown[]).length)) {
      return refuse(say.tooBig(segment, (here as unknown[]).length - 1))
    }
    if (here !== undefined && here !== null && typeof here !== 'object') {
      return refuse(say.notInside(formatPath(path), here))
    }
    const last = i === segments.length - 1
    const known = isMapping(here) ? Object.keys(here) : []
    const isNamed = path.length === 1 && NAMED_SECTIONS.has(String(path[0]))
    if (isNamed && !last && !known.includes(segment)) {
      return refuse(say.notNamed(`entry of ${path[0]}`, segment, closest(segment, known), known))
    }
    path.push(inList ? Number(segment) : segment)
    here = valueAt(model.value, path)
  }
  return resolveFailures(assign(model, path, edit.value), readFile, problems)
}

/** Reads a named failure profile into the model, so that single numbers of it can be set. */
export function resolveFailures(model: Located, readFile: ReadFile, problems: Problem[]): Located {
  const failures = valueAt(model.value, ['failures'])
  if (typeof failures !== 'string' || failures === 'none') return model
  const profile = readProfile(model, ['failures'], failures, readFile)
  if (profile.ok) return assign(model, ['failures'], profile.value)
  problems.push(...profile.problems)
  return assign(model, ['failures'], { value: 'none', places: new Map() })
}

/** Sets the value at `path`, making mappings on the way. */
export function assign(model: Located, path: Path, part: Located): Located {
  const value = produce(model.value as Record<string, unknown>, (draft) => {
    let here: Record<string | number, unknown> = draft
    for (const segment of path.slice(0, -1)) {
      if (typeof here[segment] !== 'object' || here[segment] === null) here[segment] = {}
      here = here[segment] as Record<string | number, unknown>
    }
    here[path.at(-1)!] = part.value
  })
  const places = graftPlaces(model, path, part)
  // Mappings made on the way were written where the edit was.
  const written = part.places.get('')
  for (let length = 1; length < path.length && written !== undefined; length++) {
    const parent = path.slice(0, length)
    if (valueAt(model.value, parent) === undefined) places.set(placeKey(parent), written)
  }
  return { value, places }
}
