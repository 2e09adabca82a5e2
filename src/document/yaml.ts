import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml'
import { fail, ok, type Problem, type Result } from '../base/result.ts'
import { formatPath, isMapping, type Located, type Path, type Place, placeKey } from './located.ts'
import * as say from './messages.ts'

/** A larger document is not read: models and experiments are a few kilobytes. */
export const MAX_CHARACTERS = 10_000_000
/** Bounds against documents that grow when their aliases are followed. */
export const MAX_VALUES = 200_000
export const MAX_DEPTH = 64
/** One slip can make many syntax errors; the first few tell where it is. */
const MAX_SYNTAX_PROBLEMS = 10

// Control characters other than tab, line feed and carriage return do not occur in YAML text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/

/** Reads a YAML mapping and remembers where each of its values was written. */
export function readYaml(file: string, text: string): Result<Located> {
  const whole = (message: string): Result<Located> => fail([{ file, path: '', message }])
  if (text.length > MAX_CHARACTERS) return whole(say.tooLarge(text.length, MAX_CHARACTERS))
  if (NOT_TEXT.test(text)) return whole(say.binary())
  const read = readAnyYaml(file, text.startsWith('\ufeff') ? text.slice(1) : text, [])
  if (!read.ok) return read
  if (read.value.value === null || read.value.value === undefined) return whole(say.empty())
  if (!isMapping(read.value.value))
    return fail([{ file, line: 1, column: 1, path: '', message: say.notMapping(read.value.value) }])
  return read
}

/**
 * Reads any YAML value. `at` is the path that problems with it show.
 * With no `file` (a value from the command line) it has no lines either.
 */
export function readAnyYaml(file: string | undefined, text: string, at: Path): Result<Located> {
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
    const reader = new Reader(file, at, lines)
    if (document.errors.length > 0) {
      // The parser reports its own exhausted stack as an error of the text, and then one for each open bracket.
      if (document.errors.some((error) => /call stack/.test(error.message))) throw new RangeError('nested too deeply')
      const first = document.errors.slice(0, MAX_SYNTAX_PROBLEMS)
      return fail(first.map((error) => reader.problem(error.pos[0], [], say.badYaml(error.message))))
    }
    const value = reader.read(document.contents as Node | null, [], null, 0)
    return reader.problems.length > 0 ? fail(reader.problems) : ok({ value, places: reader.places })
  } catch (error) {
    // The YAML parser and the reader recurse: brackets by the thousand exhaust the stack before any limit of ours.
    if (!(error instanceof RangeError)) throw error
    return fail([{ file, path: '', message: say.tooDeep(MAX_DEPTH) }])
  }
}

/** Walks the syntax tree once: plain values on one side, their places on the other. */
class Reader {
  readonly problems: Problem[] = []
  readonly places = new Map<string, Place>()
  readonly #anchors = new Map<string, Node>()
  readonly #file: string | undefined
  readonly #at: Path
  readonly #lines: LineCounter
  #count = 0

  constructor(file: string | undefined, at: Path, lines: LineCounter) {
    this.#file = file
    this.#at = at
    this.#lines = lines
  }

  problem(offset: number, path: Path, message: string): Problem {
    return this.#refusal(this.#place(offset, null, path, undefined), message)
  }

  read(node: Node | null, path: Path, key: Node | null, depth: number): unknown {
    const place = this.#place(node?.range?.[0] ?? key?.range?.[0] ?? 0, key, path, sourceOf(node))
    this.places.set(placeKey(path), place)
    this.#count++
    const bound = depth > MAX_DEPTH ? say.tooDeep(MAX_DEPTH) : this.#count > MAX_VALUES ? say.tooMany(MAX_VALUES) : null
    if (bound !== null) {
      // One problem is enough; the rest of the document is not followed.
      if (this.problems.length === 0) this.problems.push(this.#refusal(place, bound))
      return null
    }
    if (node === null || this.problems.length > MAX_DEPTH) return null
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source)
      if (target !== undefined) return this.read(target, path, key, depth + 1)
      this.problems.push(this.#refusal(place, say.unknownAlias(node.source)))
      return null
    }
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node)
    if (isMap(node)) return this.#readMap(node.items as Pair<Node, Node | null>[], path, depth)
    if (isSeq(node)) return node.items.map((item, i) => this.read(item as Node, [...path, i], null, depth + 1))
    return isScalar(node) ? node.value : null
  }

  #readMap(pairs: readonly Pair<Node, Node | null>[], path: Path, depth: number): unknown {
    const value: Record<string, unknown> = {}
    for (const pair of pairs) {
      const name = isScalar(pair.key) ? (sourceOf(pair.key) ?? String(pair.key.value)) : null
      if (name === null || name === '' || name === '__proto__') {
        this.problems.push(this.problem(pair.key?.range?.[0] ?? 0, path, say.badKey()))
        continue
      }
      value[name] = this.read(pair.value ?? null, [...path, name], pair.key, depth + 1)
    }
    return value
  }

  #refusal(place: Place, message: string): Problem {
    return { file: place.file, line: place.line, column: place.column, path: formatPath(place.path), message }
  }

  #place(offset: number, key: Node | null, path: Path, source: string | undefined): Place {
    const own = this.#position(offset)
    const ofKey = key?.range ? this.#position(key.range[0]) : own
    return {
      file: this.#file,
      line: own?.line,
      column: own?.col,
      keyLine: ofKey?.line,
      keyColumn: ofKey?.col,
      path: [...this.#at, ...path],
      source,
    }
  }

  #position(offset: number): { line: number; col: number } | undefined {
    return this.#file === undefined ? undefined : this.#lines.linePos(offset)
  }
}

/** A plain scalar as it was typed; a quoted one without its quotes. */
function sourceOf(node: Node | null): string | undefined {
  if (!isScalar(node)) return undefined
  if (typeof node.value === 'string') return node.value
  return node.source ?? String(node.value)
}
