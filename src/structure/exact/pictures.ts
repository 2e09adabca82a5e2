import type { Marginal } from './marginal.ts'

/** More pictures than there ever are. */
const PICTURES_MAX = 2 ** 26

/** Gathers what share of time which leaves are lowered, and how often one picture follows another. */
export class Pictures {
  readonly #numbers = new Map<string, number>()
  readonly #lowered: (readonly number[])[] = []
  readonly #shares: number[] = []
  readonly #rates = new Map<number, { readonly from: number; readonly to: number; rate: number }>()

  /** The number of a picture. */
  of(lowered: readonly number[]): number {
    const sorted = [...lowered].sort((a, b) => a - b)
    const key = sorted.join()
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#lowered.length
      this.#numbers.set(key, number)
      this.#lowered.push(sorted)
      this.#shares.push(0)
    }
    return number
  }

  spend(picture: number, share: number): void {
    this.#shares[picture]! += share
  }

  flow(from: number, to: number, rate: number): void {
    if (from === to || rate === 0) return
    const key = from * PICTURES_MAX + to
    const known = this.#rates.get(key)
    if (known === undefined) this.#rates.set(key, { from, to, rate })
    else known.rate += rate
  }

  marginal(): Marginal {
    return { lowered: this.#lowered, shares: this.#shares, flows: [...this.#rates.values()] }
  }
}
