import { fail, type Problem, type Result } from '../base/result.ts'
import { graftPlaces, isMapping, type Located, type Path, partAt, placeOf, problemAt } from '../document/located.ts'
import { closest } from '../document/suggest.ts'
import { readYaml } from '../document/yaml.ts'
import * as say from './messages.ts'

/**
 * Reads the text of a file; problems say why it cannot be read ("no such file"). Paths that start with
 * {@link SHIPPED} are files of the package itself (`hasim:models/products/etcd.yaml`); others are relative to where the
 * first file's path is.
 */
export type ReadFile = (path: string) => Result<string>

/** Prefix of paths inside the package. */
export const SHIPPED = 'hasim:'

/** Failure profiles in `models/failures/`, by the name a model calls them. */
export const PROFILES = ['cloud-vm', 'on-prem', 'homelab'] as const

/** Product data in `models/products/`. */
export const PRODUCTS = ['etcd', 'kubernetes', 'haproxy', 'single', 'keepalived', 'network'] as const
export type Product = (typeof PRODUCTS)[number]

/** `file` as seen from the folder of `from`; absolute paths and shipped ones stay. */
export function resolvePath(from: string | undefined, file: string): string {
  if (file.startsWith('/') || file.startsWith(SHIPPED) || /^[a-zA-Z]:[\\/]/.test(file)) return file
  const folder = from === undefined ? '' : from.slice(0, Math.max(from.lastIndexOf('/'), from.lastIndexOf('\\')) + 1)
  const parts: string[] = []
  for (const part of (folder + file).split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** Reads a file that a document names at `path`; a problem stands where the name stands. */
export function readNamed(located: Located, path: Path, file: string, readFile: ReadFile): Result<string> {
  const whole = resolvePath(placeOf(located, path)?.file, file)
  const text = readFile(whole)
  if (text.ok) return text
  const why = text.problems.map((problem) => problem.message).join('; ')
  return fail([problemAt(located, path, say.cannotRead(whole, why))])
}

/** Reads a YAML file that a document names at `path`. */
export function readNamedYaml(located: Located, path: Path, file: string, readFile: ReadFile): Result<Located> {
  const text = readNamed(located, path, file, readFile)
  return text.ok ? readYaml(resolvePath(placeOf(located, path)?.file, file), text.value) : text
}

/** The failure profile called `name`: one of ours, or a file of the user's. */
export function readProfile(located: Located, path: Path, name: string, readFile: ReadFile): Result<Located> {
  const isFile = name.includes('/') || name.endsWith('.yaml') || name.endsWith('.yml')
  if (!isFile && !(PROFILES as readonly string[]).includes(name)) {
    const near = closest(name, PROFILES)
    return fail([
      problemAt(located, path, say.notNamed('failure profile', name, near, [...PROFILES, 'none', 'a file'])),
    ])
  }
  const profile = readNamedYaml(located, path, isFile ? name : `${SHIPPED}models/failures/${name}.yaml`, readFile)
  return profile.ok ? { ok: true, value: withoutSources(profile.value) } : profile
}

/** The default numbers of a product, from `models/products/`. */
export function readProduct(product: Product, readFile: ReadFile): Result<Located> {
  const file = `${SHIPPED}models/products/${product}.yaml`
  const text = readFile(file)
  if (!text.ok) return fail(text.problems.map((problem): Problem => ({ ...problem, file, path: '' })))
  const document = readYaml(file, text.value)
  return document.ok ? { ok: true, value: withoutSources(document.value) } : document
}

const SOURCED = new Set(['value', 'source', 'grade', 'note'])

/** Replaces `{ value: 100ms, source: …, grade: … }` by `100ms` everywhere: the provenance is for readers. */
export function withoutSources(located: Located): Located {
  let places = new Map(located.places)
  const strip = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((item, i) => strip(item, [...path, i]))
    if (!isMapping(value)) return value
    const keys = Object.keys(value)
    if (keys.includes('value') && keys.every((key) => SOURCED.has(key))) {
      const inner = partAt({ value: located.value, places }, [...path, 'value'])
      places = graftPlaces({ value: located.value, places }, path, inner)
      return value['value']
    }
    return Object.fromEntries(keys.map((key) => [key, strip(value[key], [...path, key])]))
  }
  const value = strip(located.value, [])
  return { value, places }
}
