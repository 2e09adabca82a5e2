import type { Operation } from './operation.ts'

const WORD_BITS = 16
const FULL_WORD = 0xffff

/**
 * The operations that have been given a place in the order, with a text that identifies the known ones.
 *
 * Known operations are bits in order of their calls. Early ones are all placed and late ones are not yet, so only the
 * words in between go into the text: it is as short as the history is concurrent, however long it is.
 *
 * Operations of unknown outcome that ask the same are interchangeable: the one called first may stand wherever another
 * of them may. It is placed first, so that a count for each sort says which are placed.
 */
export class PlacedSet {
  /** How many unknown operations of each sort are placed. */
  readonly used: Uint32Array
  readonly #words: Uint16Array
  /** The bit of each known operation; of an unknown one, its rank by call among those of its sort. */
  readonly #ranks: Int32Array
  /** The sort of each unknown operation; −1 for a known one. */
  readonly #sorts: Int32Array
  /** All words before this one are full. */
  #low = 0
  /** All words after this one are empty. */
  #high = -1

  /** @param operations in order of their calls */
  constructor(operations: readonly Operation[]) {
    this.#ranks = new Int32Array(operations.length)
    this.#sorts = new Int32Array(operations.length).fill(-1)
    const sorts = new Map<string, number>()
    const sizes: number[] = []
    let known = 0
    for (const [index, operation] of operations.entries()) {
      if (operation.known) {
        this.#ranks[index] = known++
        continue
      }
      const asked = JSON.stringify([operation.key, operation.kind, operation.input])
      const sort = sorts.get(asked) ?? sorts.size
      sorts.set(asked, sort)
      this.#sorts[index] = sort
      this.#ranks[index] = sizes[sort] ?? 0
      sizes[sort] = (sizes[sort] ?? 0) + 1
    }
    this.#words = new Uint16Array(Math.ceil(known / WORD_BITS))
    this.used = new Uint32Array(sizes.length)
  }

  /** Whether the operation's turn has come among those that are interchangeable with it. */
  isDue(operation: number): boolean {
    const sort = this.#sorts[operation]!
    return sort < 0 || this.used[sort] === this.#ranks[operation]
  }

  add(operation: number): void {
    const sort = this.#sorts[operation]!
    if (sort >= 0) {
      this.used[sort]!++
      return
    }
    const word = Math.floor(this.#ranks[operation]! / WORD_BITS)
    this.#words[word]! |= 1 << (this.#ranks[operation]! % WORD_BITS)
    if (word > this.#high) this.#high = word
    while (this.#words[this.#low] === FULL_WORD) this.#low++
  }

  remove(operation: number): void {
    const sort = this.#sorts[operation]!
    if (sort >= 0) {
      this.used[sort]!--
      return
    }
    const word = Math.floor(this.#ranks[operation]! / WORD_BITS)
    this.#words[word]! &= ~(1 << (this.#ranks[operation]! % WORD_BITS))
    if (word < this.#low) this.#low = word
    while (this.#high >= 0 && this.#words[this.#high] === 0) this.#high--
  }

  /** Equal for equal sets of known operations, different for all others; none is the beginning of another. */
  fingerprint(): string {
    let words = ''
    for (let word = this.#low; word <= this.#high; word++) words += String.fromCharCode(this.#words[word]!)
    return `${this.#low}:${words.length}:${words}`
  }
}
