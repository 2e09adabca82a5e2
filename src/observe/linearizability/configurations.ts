/**
 * The configurations that a search has been in: which known operations are placed and the state they led to, as a
 * text, and how many unknown operations of each sort were used up on the way.
 *
 * Of two configurations that differ only in that, the one that used up no more of any sort can do all that the other
 * can: unknown operations may be left out. So only those are kept that no other undercuts.
 */
export class Configurations {
  readonly #least = new Map<string, Uint32Array[]>()
  #size = 0

  /** How many were added. */
  get size(): number {
    return this.#size
  }

  /** Adds a configuration, unless one that can do as much is there; whether it was added. */
  add(configuration: string, used: Uint32Array): boolean {
    const others = this.#least.get(configuration)
    if (others?.some((other) => isAtMost(other, used)) === true) return false
    const kept = others?.filter((other) => !isAtMost(used, other)) ?? []
    this.#least.set(configuration, [...kept, used.slice()])
    this.#size++
    return true
  }
}

function isAtMost(a: Uint32Array, b: Uint32Array): boolean {
  for (let index = 0; index < a.length; index++) {
    if (a[index]! > b[index]!) return false
  }
  return true
}
