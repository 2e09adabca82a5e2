/** Counted reasons for things to be down: overlapping faults are undone one by one. */
export class DownCounts {
  readonly #reasons: Uint16Array

  constructor(count: number) {
    this.#reasons = new Uint16Array(count)
  }

  up(index: number): boolean {
    return this.#reasons[index] === 0
  }

  /** Whether there is just one. */
  hasOne(index: number): boolean {
    return this.#reasons[index] === 1
  }

  /** One more (1) or one less (−1) reason to be down. @returns whether it just went down or came up */
  change(index: number, by: 1 | -1): boolean {
    const before = this.#reasons[index]!
    this.#reasons[index]! += by
    return (before === 0) !== (this.#reasons[index] === 0)
  }
}
