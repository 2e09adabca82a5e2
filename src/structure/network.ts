/**
 * A blueprint of conditions as counting gates: a gate holds when at least `thresholds[g]` of its inputs hold. Leaves
 * are gates without inputs that hold while they are lowered less often than `counts[leaf]` allows.
 * Everything is monotone: raising an input never makes a gate false.
 */
export interface NetworkPlan {
  readonly thresholds: Int32Array
  /** Inputs that hold while no leaf is lowered. */
  readonly counts: Int32Array
  /** Inputs that hold beyond what the threshold asks for, while no leaf is lowered; negative where it does not hold. */
  readonly spares: Int32Array
  /** Gates that node n feeds: `targets[starts[n]] … targets[starts[n + 1] − 1]`. */
  readonly starts: Int32Array
  readonly targets: Int32Array
  /** Whether gates feed each other in a ring (parts that need one another). */
  readonly cyclic: boolean
}

/**
 * The conditions of a running system, kept true by counting: lowering or raising a leaf touches only the gates whose
 * count changes and, where a gate flips, those that it feeds. No condition is ever evaluated from scratch.
 *
 * In a ring of needs the greatest solution is meant: parts that need only one another are usable when all are up.
 * Lowering finds it by counting; raising works it out anew ({@link #refill}), for rings alone.
 */
export class ConditionNetwork {
  readonly #plan: NetworkPlan
  readonly #spares: Int32Array
  /** How often each leaf is lowered. Kept for rings only. */
  readonly #lowered: Int32Array | undefined
  readonly #flags: Uint8Array
  readonly #interest: number
  readonly #listed: Uint8Array
  #listing = true
  /** Watched nodes that may have flipped since they were last {@link takeFlipped taken}. */
  readonly #flipped: number[] = []

  /** @param flags per node; flips are listed of those that have a bit of `interest` */
  constructor(plan: NetworkPlan, flags: Uint8Array, interest: number) {
    this.#plan = plan
    this.#spares = plan.spares.slice()
    this.#lowered = plan.cyclic ? new Int32Array(plan.spares.length) : undefined
    this.#flags = flags
    this.#interest = interest
    this.#listed = new Uint8Array(plan.spares.length)
  }

  holds(node: number): boolean {
    return this.#spares[node]! >= 0
  }

  /** Whether {@link takeFlipped} has something. */
  get hasFlipped(): boolean {
    return this.#flipped.length > 0
  }

  /** A watched node that flipped (perhaps back again), each once; −1 when there is none left. */
  takeFlipped(): number {
    const node = this.#flipped.pop()
    if (node === undefined) return -1
    this.#listed[node] = 0
    return node
  }

  lower(node: number): void {
    if (this.#lowered !== undefined) this.#lowered[node]! += 1
    this.#decrease(node)
  }

  raise(node: number): void {
    if (this.#lowered !== undefined) {
      this.#lowered[node]! -= 1
      this.#refill()
    } else {
      this.#increase(node)
    }
  }

  #decrease(node: number): void {
    const spare = this.#spares[node]! - 1
    this.#spares[node] = spare
    if (spare === -1) this.#fall(node)
  }

  #increase(node: number): void {
    const spare = this.#spares[node]! + 1
    this.#spares[node] = spare
    if (spare === 0) this.#rise(node)
  }

  /** It has just ceased to hold. Mostly those that it feeds still do, and nothing needs to be called. */
  #fall(node: number): void {
    if ((this.#flags[node]! & this.#interest) !== 0 && this.#listing) this.#list(node)
    const spares = this.#spares
    const { starts, targets } = this.#plan
    const end = starts[node + 1]!
    for (let i = starts[node]!; i < end; i++) {
      const target = targets[i]!
      const spare = spares[target]! - 1
      spares[target] = spare
      if (spare === -1) this.#fall(target)
    }
  }

  /** It has just begun to hold. */
  #rise(node: number): void {
    if ((this.#flags[node]! & this.#interest) !== 0) this.#list(node)
    const spares = this.#spares
    const { starts, targets } = this.#plan
    const end = starts[node + 1]!
    for (let i = starts[node]!; i < end; i++) {
      const target = targets[i]!
      const spare = spares[target]! + 1
      spares[target] = spare
      if (spare === 0) this.#rise(target)
    }
  }

  /** Starts from everything up and lowers what is down: the greatest solution of a ring. */
  #refill(): void {
    const lowered = this.#lowered!
    const before = this.#spares.slice()
    this.#spares.set(this.#plan.spares)
    this.#listing = false
    for (let node = 0; node < lowered.length; node++) {
      for (let times = lowered[node]!; times > 0; times--) this.#decrease(node)
    }
    this.#listing = true
    for (let node = 0; node < lowered.length; node++) {
      const held = before[node]! >= 0
      if ((this.#flags[node]! & this.#interest) !== 0 && held !== this.holds(node)) this.#list(node)
    }
  }

  #list(node: number): void {
    if (this.#listed[node] !== 0) return
    this.#listed[node] = 1
    this.#flipped.push(node)
  }
}
