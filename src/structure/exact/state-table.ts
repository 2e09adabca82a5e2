/** Numbers states, given as bytes, in the order in which they are first seen. */
export class StateTable {
  readonly #width: number
  /** Words of four bytes a state takes; what is left of the last is zero. */
  readonly #length: number
  #words: Int32Array
  #bytes: Uint8Array
  #size = 0
  /** Open addressing: number + 1, or 0. */
  #slots: Int32Array
  #hashes: Int32Array
  /** The state that is looked for, as bytes and as words. */
  readonly #wanted: Uint8Array
  readonly #key: Int32Array

  constructor(width: number) {
    this.#width = width
    this.#length = Math.max(1, Math.ceil(width / 4))
    this.#words = new Int32Array(this.#length * 1024)
    this.#bytes = new Uint8Array(this.#words.buffer)
    this.#slots = new Int32Array(4096)
    this.#hashes = new Int32Array(1024)
    this.#key = new Int32Array(this.#length)
    this.#wanted = new Uint8Array(this.#key.buffer)
  }

  get size(): number {
    return this.#size
  }

  /** The number of a state; a new one is added. */
  find(state: Uint8Array): number {
    this.#wanted.set(state)
    const hash = hashOf(this.#key)
    const slots = this.#slots
    const hashes = this.#hashes
    const mask = slots.length - 1
    let slot = hash & mask
    for (;;) {
      const entry = slots[slot]!
      if (entry === 0) break
      if (hashes[entry - 1] === hash && this.#isAt(entry - 1)) return entry - 1
      slot = (slot + 1) & mask
    }
    return this.#add(hash, slot)
  }

  read(number: number, into: Uint8Array): void {
    const at = number * this.#length * 4
    for (let i = 0; i < this.#width; i++) into[i] = this.#bytes[at + i]!
  }

  /** All states one after another. */
  bytes(): Uint8Array {
    const all = new Uint8Array(this.#size * this.#width)
    for (let number = 0; number < this.#size; number++) {
      const at = number * this.#length * 4
      all.set(this.#bytes.subarray(at, at + this.#width), number * this.#width)
    }
    return all
  }

  #isAt(number: number): boolean {
    const at = number * this.#length
    for (let i = 0; i < this.#length; i++) if (this.#words[at + i] !== this.#key[i]) return false
    return true
  }

  #add(hash: number, slot: number): number {
    const number = this.#size++
    if (this.#size * this.#length > this.#words.length) {
      const words = new Int32Array(this.#words.length * 2)
      words.set(this.#words)
      this.#words = words
      this.#bytes = new Uint8Array(words.buffer)
    }
    if (this.#size > this.#hashes.length) {
      const hashes = new Int32Array(this.#hashes.length * 2)
      hashes.set(this.#hashes)
      this.#hashes = hashes
    }
    this.#words.set(this.#key, number * this.#length)
    this.#hashes[number] = hash
    this.#slots[slot] = number + 1
    if (this.#size * 2 > this.#slots.length) this.#rehash()
    return number
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 4)
    const mask = slots.length - 1
    for (let number = 0; number < this.#size; number++) {
      let slot = this.#hashes[number]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.#slots = slots
  }
}

/** FNV-1a over words, with high bits folded into low ones at each, since multiplying carries only upward. */
function hashOf(words: Int32Array): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x01000193)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash, 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}
