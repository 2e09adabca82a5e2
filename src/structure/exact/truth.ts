import type { NetworkPlan } from '../network.ts'

/**
 * The conditions of a model at one state, worked out from everything up by lowering what is down: the greatest
 * solution where parts need one another in a ring.
 */
export class Truth {
  readonly #plan: NetworkPlan
  readonly #counts: Int32Array

  constructor(plan: NetworkPlan) {
    this.#plan = plan
    this.#counts = plan.counts.slice()
  }

  /** Everything is up. */
  reset(): void {
    this.#counts.set(this.#plan.counts)
  }

  holds(node: number): boolean {
    return this.#counts[node]! >= this.#plan.thresholds[node]!
  }

  lower(node: number): void {
    const count = this.#counts[node]! - 1
    this.#counts[node] = count
    const plan = this.#plan
    if (count !== plan.thresholds[node]! - 1) return
    const { targets } = plan
    const end = plan.starts[node + 1]!
    for (let i = plan.starts[node]!; i < end; i++) this.lower(targets[i]!)
  }

  /** Undoes one {@link lower} of a node; where conditions form no ring. */
  raise(node: number): void {
    const count = this.#counts[node]! + 1
    this.#counts[node] = count
    const plan = this.#plan
    if (count !== plan.thresholds[node]!) return
    const { targets } = plan
    const end = plan.starts[node + 1]!
    for (let i = plan.starts[node]!; i < end; i++) this.raise(targets[i]!)
  }
}
