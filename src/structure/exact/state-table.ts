/** Numbers states, given as bytes, in the order in which they are first seen. */
export class StateTable {
  readonly #width: number
  #bytes: Uint8Array
  #size = 0
  /** Open addressing: number + 1, or 0. */
  #slots: Int32Array
  #hashes: Int32Array

  constructor(width: number) {
    this.#width = width
    this.#bytes = new Uint8Array(Math.max(1, width) * 1024)
    this.#slots = new Int32Array(4096)
    this.#hashes = new Int32Array(1024)
  }

  get size(): number {
    return this.#size
  }

  /** The number of a state; a new one is added. */
  find(state: Uint8Array): number {
    const hash = hashOf(state)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (;;) {
      const entry = this.#slots[slot]!
      if (entry === 0) break
      if (this.#hashes[entry - 1] === hash && this.#isAt(entry - 1, state)) return entry - 1
      slot = (slot + 1) & mask
    }
    return this.#add(state, hash, slot)
  }

  read(number: number, into: Uint8Array): void {
    const at = number * this.#width
    for (let i = 0; i < this.#width; i++) into[i] = this.#bytes[at + i]!
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#size * this.#width)
  }

  #isAt(number: number, state: Uint8Array): boolean {
    const at = number * this.#width
    for (let i = 0; i < this.#width; i++) if (this.#bytes[at + i] !== state[i]) return false
    return true
  }

  #add(state: Uint8Array, hash: number, slot: number): number {
    const number = this.#size++
    if (this.#size * this.#width > this.#bytes.length) {
      const bytes = new Uint8Array(this.#bytes.length * 2)
      bytes.set(this.#bytes)
      this.#bytes = bytes
    }
    if (this.#size > this.#hashes.length) {
      const hashes = new Int32Array(this.#hashes.length * 2)
      hashes.set(this.#hashes)
      this.#hashes = hashes
    }
    this.#bytes.set(state, number * this.#width)
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

/** FNV-1a over the bytes, with its high bits folded into the low ones. */
function hashOf(state: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < state.length; i++) hash = Math.imul(hash ^ state[i]!, 0x01000193)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}
