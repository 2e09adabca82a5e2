import seedrandom from 'seedrandom'

/** A stream of chance: independent of every other stream, reproducible from its name. */
export interface Random {
  /** Uniform in [0, 1) with 53 random bits: safe to take the logarithm of 1 − u. */
  next(): number
}

/**
 * All chance of a replication, by name.
 *
 * A stream is derived from (seed, replication, name) and from nothing else: adding a node, or asking for streams in
 * another order, leaves every other stream's draws as they were. Alea seeded so passes first-draw, neighbour-correlation,
 * pair and triple tests over 100 000 streams; 32-bit draws would cut exponentials at 22 means, so only the 53-bit form is
 * used.
 */
export class RandomStreams {
  /** Of what all names here have in front. */
  readonly #prefix: Hashes
  readonly #streams = new Map<string, Random>()

  constructor(seed: string, replication: number) {
    this.#prefix = hashed(`${seed}/${replication}/`, EMPTY)
  }

  /** The stream of this name; the same object each time. */
  stream(name: string): Random {
    const known = this.#streams.get(name)
    if (known !== undefined) return known
    const stream = new Stream(this.#prefix, name)
    this.#streams.set(name, stream)
    return stream
  }
}

/** A single stream from a full seed text. */
export function randomFrom(seed: string): Random {
  return new Stream(EMPTY, seed)
}

/**
 * Seeded at its first draw: most streams of a replication (a disk that stalls, a repair) are never drawn from.
 *
 * The library seeds itself from a text at some 80 ns a character, which would be a sixth of a short replication. So the text
 * is mixed here, and the generator is given its state: three fractions of 32 bits.
 */
class Stream implements Random {
  readonly #prefix: Hashes
  readonly #name: string
  #draw: (() => number) | undefined

  /** Seeded by the name with the prefix in front. */
  constructor(prefix: Hashes, name: string) {
    this.#prefix = prefix
    this.#name = name
  }

  next(): number {
    this.#draw ??= seedrandom.alea('', { state: stateOf(hashed(this.#name, this.#prefix)) }).double
    return this.#draw()
  }
}

/** Three hashes of 32 bits of a text that may go on. */
interface Hashes {
  readonly a: number
  readonly b: number
  readonly c: number
}

const EMPTY: Hashes = { a: 0x9e3779b9, b: 0x85ebca6b, c: 0xc2b2ae35 }

/** Of a text that goes on after one whose hashes are known. */
function hashed(text: string, before: Hashes): Hashes {
  let { a, b, c } = before
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0xcc9e2d51)
    b = Math.imul(b ^ code, 0x1b873593)
    c = Math.imul(c ^ code, 0x2545f491)
    a ^= a >>> 15
    b ^= b >>> 13
    c ^= c >>> 16
  }
  return { a, b, c }
}

const FRACTION = 2 ** -32

/** The state of Alea from a text: what it seeds itself with. */
function stateOf({ a, b, c }: Hashes): seedrandom.State.Alea {
  // Each is mixed with the others, so that a collision of one is no collision of two.
  return { c: 1, s0: mixed(a + b) * FRACTION, s1: mixed(b ^ (c << 1)) * FRACTION, s2: mixed(c + a) * FRACTION }
}

/** The finalizer of MurmurHash3: every bit of the input turns every bit of the output with probability one half. */
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Uniform integer in [0, n). */
export function integerBelow(random: Random, n: number): number {
  return Math.floor(random.next() * n)
}
