import type { NetworkPlan } from './network.ts'

/** Gathers gates and who feeds whom, then lays them out flat. */
export class GateList {
  readonly #thresholds: number[] = []
  readonly #targets: number[][] = []

  /** Adds a gate that holds while at least `threshold` of its inputs do. A gate never fed is a leaf and holds at first. */
  add(threshold: number): number {
    this.#thresholds.push(threshold)
    this.#targets.push([])
    return this.#thresholds.length - 1
  }

  feed(from: number, to: number): void {
    this.#targets[from]!.push(to)
  }

  plan(): NetworkPlan {
    const size = this.#thresholds.length
    const starts = new Int32Array(size + 1)
    const inputs = new Int32Array(size)
    for (let node = 0; node < size; node++) {
      starts[node + 1] = starts[node]! + this.#targets[node]!.length
      for (const target of this.#targets[node]!) inputs[target]! += 1
    }
    const counts = inputs.map((fed, node) => (fed === 0 && this.#thresholds[node]! <= 1 ? 1 : fed))
    this.#lowerImpossible(counts)
    return {
      thresholds: Int32Array.from(this.#thresholds),
      counts,
      spares: counts.map((count, node) => count - this.#thresholds[node]!),
      starts,
      targets: Int32Array.from(this.#targets.flat()),
      cyclic: this.#isCyclic(inputs),
    }
  }

  /** Gates that cannot hold even with everything up: they never feed anyone. */
  #lowerImpossible(counts: Int32Array): void {
    const dead = [...this.#thresholds.keys()].filter((node) => counts[node]! < this.#thresholds[node]!)
    for (let node = dead.pop(); node !== undefined; node = dead.pop()) {
      for (const target of this.#targets[node]!) {
        counts[target]! -= 1
        if (counts[target] === this.#thresholds[target]! - 1) dead.push(target)
      }
    }
  }

  /** Whether some gates are left over when one takes away, again and again, those that nobody feeds. */
  #isCyclic(inputs: Int32Array): boolean {
    const open = inputs.slice()
    const ready = [...open.keys()].filter((node) => open[node] === 0)
    let taken = 0
    for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
      taken++
      for (const target of this.#targets[node]!) if (--open[target]! === 0) ready.push(target)
    }
    return taken < this.#thresholds.length
  }
}
