/**
 * The innermost loop of every walk along a chain, in WebAssembly: engines compile it to what C would be, which steps
 * four times as fast as typed arrays do. `advance` below is the same loop in TypeScript, operation by operation, so
 * that both give the same bits; it serves where WebAssembly is not to be had.
 *
 * All numbers lie in one memory, addresses are in bytes. A row is ROW bytes: the probability of staying, two weights
 * that the sums take it with, and where its entries end. An entry is an address of a number of
 * the state it comes from, relative to the state's first number, and a probability.
 */
export interface Places {
  readonly rows: number
  readonly rowsEnd: number
  /** 32-bit: where entries come from, as offsets in bytes. */
  readonly sources: number
  readonly values: number
  /** Per state: the time that its mass has spent there. */
  readonly spent: number
  /** Two numbers are written here: sums over all states, of mass times first and second weight. */
  readonly sums: number
}

/** Moves the mass at `from` one step on, to `into`; adds `time` times each mass to the time spent in its state. */
export type Advance = (places: Places, from: number, into: number, time: number) => void

export const ROW = 32
export const [STAYS, FIRST, SECOND, ENTRIES_END] = [0, 8, 16, 24] as const

/** The loop over memory as plain numbers. */
export function plainAdvance(buffer: ArrayBuffer): Advance {
  const floats = new Float64Array(buffer)
  const integers = new Int32Array(buffer)
  return ({ rows, rowsEnd, sources, values, spent, sums }, from, into, time) => {
    let first = 0
    let second = 0
    let source = sources >> 2
    let value = values >> 3
    for (let row = rows >> 3, state = 0; row < rowsEnd >> 3; row += ROW >> 3, state++) {
      const mass = floats[(from >> 3) + state]!
      first += mass * floats[row + (FIRST >> 3)]!
      second += mass * floats[row + (SECOND >> 3)]!
      floats[(spent >> 3) + state]! += mass * time
      let comes = mass * floats[row]!
      const end = integers[(row << 1) + (ENTRIES_END >> 2)]! >> 3
      while (value < end) comes += floats[(from + integers[source++]!) >> 3]! * floats[value++]!
      floats[(into >> 3) + state] = comes
    }
    floats[sums >> 3] = first
    floats[(sums >> 3) + 1] = second
  }
}

/** What is used of WebAssembly, which is everywhere, though not in the types of the language. */
interface Wasm {
  readonly Memory: new (size: { initial: number }) => GrowingMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly advance: Compiled } }
}

export interface GrowingMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): void
}

/** Parameters as the compiled loop has them: it takes numbers and places in its memory, nothing else. */
type Compiled = (
  row: number,
  rowsEnd: number,
  source: number,
  value: number,
  spent: number,
  sums: number,
  from: number,
  into: number,
  time: number,
) => void

/** The loop, compiled over a memory of its own; null: there is no WebAssembly, or it is forbidden. */
export function compiledAdvance(): { readonly memory: GrowingMemory; readonly advance: Advance } | null {
  const { WebAssembly: wasm } = globalThis as { readonly WebAssembly?: Wasm }
  if (wasm === undefined) return null
  try {
    const memory = new wasm.Memory({ initial: 1 })
    const { exports } = new wasm.Instance(new wasm.Module(moduleBytes()), { a: { a: memory } })
    const { advance } = exports
    return {
      memory,
      advance: ({ rows, rowsEnd, sources, values, spent, sums }, from, into, time) =>
        advance(rows, rowsEnd, sources, values, spent, sums, from, into, time),
    }
  } catch {
    // A page may forbid code that is made on the spot.
    return null
  }
}

// The instructions that are used (WebAssembly Core Specification 2.0, section 5.4).
const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const loadInteger = (offset: number) => [0x28, 2, offset]
const load = (offset: number) => [0x2b, 3, offset]
const store = (offset: number) => [0x39, 3, offset]
/** Below 64, as these are, a number is a byte. */
const integer = (value: number) => [0x41, value]
const [ADD, MULTIPLY, ADD_INTEGERS, LESS] = [0xa0, 0xa2, 0x6a, 0x49]
const [IF, LOOP, END, AGAIN_IF] = [[0x04, 0x40], [0x03, 0x40], 0x0b, [0x0d, 0]]
const [I32, F64] = [0x7f, 0x7c]

function moduleBytes(): Uint8Array {
  const [row, rowsEnd, source, value, spent, sums, from, into, time] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
  const [at, end, mass, comes, first, second] = [9, 10, 11, 12, 13, 14] as const
  const forward = (address: number, by: number) => [...get(address), ...integer(by), ADD_INTEGERS, ...set(address)]
  const weigh = (sum: number, weight: number) => [
    ...[...get(sum), ...get(mass), ...get(row), ...load(weight), MULTIPLY, ADD, ...set(sum)],
  ]
  const isLess = (a: number, b: number) => [...get(a), ...get(b), LESS]
  const entry = [
    ...[...get(comes), ...get(from), ...get(source), ...loadInteger(0), ADD_INTEGERS, ...load(0)],
    ...[...get(value), ...load(0), MULTIPLY, ADD, ...set(comes), ...forward(source, 4), ...forward(value, 8)],
  ]
  const entries = [...isLess(value, end), ...IF, ...LOOP, ...entry, ...isLess(value, end), ...AGAIN_IF, END, END]
  const state = [
    ...[...get(at), ...load(0), ...set(mass), ...weigh(first, FIRST), ...weigh(second, SECOND)],
    ...[...get(spent), ...get(spent), ...load(0), ...get(mass), ...get(time), MULTIPLY, ADD, ...store(0)],
    ...[...get(mass), ...get(row), ...load(STAYS), MULTIPLY, ...set(comes)],
    ...[...get(row), ...loadInteger(ENTRIES_END), ...set(end), ...entries, ...get(into), ...get(comes), ...store(0)],
    ...[...forward(at, 8), ...forward(into, 8), ...forward(spent, 8), ...forward(row, ROW)],
  ]
  const states = [...isLess(row, rowsEnd), ...IF, ...LOOP, ...state, ...isLess(row, rowsEnd), ...AGAIN_IF, END, END]
  const results = [...get(sums), ...get(first), ...store(0), ...get(sums), ...get(second), ...store(8)]
  const locals = [2, 2, I32, 4, F64]
  const body = [...locals, ...get(from), ...set(at), ...states, ...results, END]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 9, I32, I32, I32, I32, I32, I32, I32, I32, F64, 0]),
    ...section(2, [1, ...name('a'), ...name('a'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('advance'), 0, 0]),
    ...section(10, [1, ...sized(body)]),
  ])
}

function section(kind: number, content: readonly number[]): number[] {
  return [kind, ...sized(content)]
}

/** With its length before it, seven bits a byte, the low ones first. */
function sized(content: readonly number[]): number[] {
  const { length } = content
  return length < 128 ? [length, ...content] : [(length & 127) | 128, length >> 7, ...content]
}

function name(text: string): number[] {
  return [text.length, ...[...text].map((letter) => letter.charCodeAt(0))]
}
