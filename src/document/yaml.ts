import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLParseError,
} from 'yaml'
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
/** A call such as `mixture(…)` is put together from at most this many pieces. */
const MAX_PIECES = 64

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
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      // 'silent' would leave out that there are more documents than one; nothing is ever logged from here.
      logLevel: 'error',
      // Checked here, once split calls are joined.
      uniqueKeys: false,
    })
    const reader = new Reader(file, text, at, lines)
    if (document.errors.length > 0) {
      // The parser reports its own exhausted stack as an error of the text, and then one for each open bracket.
      if (document.errors.some((error) => /call stack/.test(error.message))) throw new RangeError('nested too deeply')
      const first = document.errors.slice(0, MAX_SYNTAX_PROBLEMS)
      const words = ({ code, message }: YAMLParseError) =>
        code === 'MULTIPLE_DOCS' ? say.manyDocuments() : say.badYaml(message)
      return fail(first.map((error) => reader.problem(error.pos[0], [], words(error))))
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
  /** Anchored nodes that are being read. */
  readonly #open = new Set<Node>()
  readonly #file: string | undefined
  readonly #text: string
  readonly #at: Path
  readonly #lines: LineCounter
  #count = 0

  constructor(file: string | undefined, text: string, at: Path, lines: LineCounter) {
    this.#file = file
    this.#text = text
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
      if (target !== undefined && !this.#open.has(target)) return this.read(target, path, key, depth + 1)
      const words = target === undefined ? say.unknownAlias(node.source) : say.endlessAlias(node.source)
      this.problems.push(this.#refusal(place, words))
      return null
    }
    if (!('anchor' in node) || typeof node.anchor !== 'string') return this.#readOwn(node, path, depth)
    this.#anchors.set(node.anchor, node)
    this.#open.add(node)
    const value = this.#readOwn(node, path, depth)
    this.#open.delete(node)
    return value
  }

  #readOwn(node: Node, path: Path, depth: number): unknown {
    if (isMap(node)) return this.#readMap(node.items as Pair<Node, Node | null>[], path, depth)
    if (isSeq(node)) {
      const items = this.#joinItems(node.items as Node[])
      return items.map((item, i) => this.read(item, [...path, i], null, depth + 1))
    }
    return isScalar(node) ? node.value : null
  }

  #readMap(pairs: readonly Pair<Node, Node | null>[], path: Path, depth: number): unknown {
    const value: Record<string, unknown> = {}
    for (const pair of this.#joinPairs(pairs)) {
      const name = isScalar(pair.key) ? (sourceOf(pair.key) ?? String(pair.key.value)) : null
      if (name === null || name === '' || name === '__proto__') {
        this.problems.push(this.problem(pair.key?.range?.[0] ?? 0, path, say.badKey()))
        continue
      }
      if (Object.hasOwn(value, name)) {
        this.problems.push(this.problem(pair.key.range?.[0] ?? 0, [...path, name], say.sameKey()))
      }
      value[name] = this.read(pair.value ?? null, [...path, name], pair.key, depth + 1)
    }
    return value
  }

  /**
   * In `{ lasts: lognormal(median 1h, p95 6h) }` YAML takes the comma for the end of the entry and `p95 6h)` for a
   * key without a value. As long as a bracket is open such entries belong to the value before them.
   */
  #joinPairs(pairs: readonly Pair<Node, Node | null>[]): Pair<Node, Node | null>[] {
    const joined: Pair<Node, Node | null>[] = []
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i]!
      const rest = pairs.slice(i + 1, i + 1 + MAX_PIECES).map(({ key, value }) => (value === null ? key : null))
      const call = this.#joinCall(pair.value, rest)
      joined.push(call === null ? pair : ({ ...pair, value: call.node } as Pair<Node, Node | null>))
      i += call?.used ?? 0
    }
    return joined
  }

  /** The same in lists: `[uniform(1s, 2s)]`. */
  #joinItems(items: readonly Node[]): Node[] {
    const joined: Node[] = []
    for (let i = 0; i < items.length; i++) {
      const call = this.#joinCall(items[i]!, items.slice(i + 1, i + 1 + MAX_PIECES))
      joined.push(call?.node ?? items[i]!)
      i += call?.used ?? 0
    }
    return joined
  }

  /** The scalar from `first` to where its brackets are closed, and how many of `rest` that took; null: nothing to join. */
  #joinCall(first: Node | null, rest: readonly (Node | null)[]): { node: Node; used: number } | null {
    if (!isPlain(first) || openBrackets(String(first.value)) <= 0) return null
    for (const [i, next] of rest.entries()) {
      if (!isPlain(next)) return null
      const text = this.#text.slice(first.range![0], next.range![1])
      if (openBrackets(text) > 0) continue
      const node = new Scalar(text)
      node.range = [first.range![0], next.range![1], next.range![2]]
      return { node, used: i + 1 }
    }
    return null
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

function isPlain(node: Node | null): node is Scalar {
  return isScalar(node) && node.type === Scalar.PLAIN
}

function openBrackets(text: string): number {
  return text.split('(').length - text.split(')').length
}

/** A plain scalar as it was typed; a quoted one without its quotes. */
function sourceOf(node: Node | null): string | undefined {
  if (!isScalar(node)) return undefined
  if (typeof node.value === 'string') return node.value
  return node.source ?? String(node.value)
}
