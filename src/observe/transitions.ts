import type { Ms } from '../base/units.ts'

/** Something that is waited for after a fault. `terms` counts; the others are times. */
export type TransitionName =
  | 'etcd.detected'
  | 'etcd.elected'
  | 'etcd.recovered'
  | 'etcd.terms'
  | 'lb.markedDown'
  | 'lb.markedUp'
  | 'address.moved'
  | 'api.ready'

/** Written out: a name put together anew must be looked up letter by letter. */
const AFTER_RETURN: { readonly [name in TransitionName]: string } = {
  'etcd.detected': 'etcd.detected.afterReturn',
  'etcd.elected': 'etcd.elected.afterReturn',
  'etcd.recovered': 'etcd.recovered.afterReturn',
  'etcd.terms': 'etcd.terms.afterReturn',
  'lb.markedDown': 'lb.markedDown.afterReturn',
  'lb.markedUp': 'lb.markedUp.afterReturn',
  'address.moved': 'address.moved.afterReturn',
  'api.ready': 'api.ready.afterReturn',
}

const BITS: { readonly [name in TransitionName]: number } = {
  'etcd.detected': 1,
  'etcd.elected': 2,
  'etcd.recovered': 4,
  'etcd.terms': 8,
  'lb.markedDown': 16,
  'lb.markedUp': 32,
  'address.moved': 64,
  'api.ready': 128,
}

/**
 * How long after a fault things happened, each the first time only. A fault replaces the one before it as the origin,
 * unless both begin at the same instant. What follows the *undoing* of a fault is kept apart, measured from the undoing,
 * under the same names with `.afterReturn`: the second gap after a healed partition, the election when a quorum returns.
 */
export class Transitions {
  readonly #samples: { [name: string]: number[] } = {}
  readonly #origins: { fault: Ms; undo: Ms } = { fault: -1 as Ms, undo: -1 as Ms }
  /** What has happened since, one bit each. */
  readonly #seen = { fault: 0, undo: 0 }
  readonly #from: Ms
  /** When something last {@link took} its time, and where the samples of that instant begin. */
  #tookAt = -1 as Ms
  #tookFrom = 0

  /** @param from faults before this instant (the warm-up) are not recorded */
  constructor(from: Ms) {
    this.#from = from
  }

  /** A fault begins, or is undone, now. */
  origin(now: Ms, begins: boolean): void {
    if (now < this.#from) return
    const which = begins ? 'fault' : 'undo'
    if (this.#origins[which] === now) return
    this.#origins[which] = now
    this.#seen[which] = 0
    // A new fault ends the story of the last undoing.
    if (begins) this.#origins.undo = -1 as Ms
  }

  /** Something happened now; counted from the last fault and from the last undoing. */
  happened(name: TransitionName, now: Ms, value?: number): void {
    this.#note('fault', name, name, now, value)
    this.#note('undo', name, AFTER_RETURN[name], now, value)
  }

  /**
   * Something that has its own beginning: a mark that follows the return of a server. Of two at one instant the one that took
   * longer comes first: which was planned first says nothing.
   */
  took(name: 'lb.markedUp', since: number, now: Ms): void {
    if (this.#origins.fault < 0) return
    this.#keep(name, now - since)
    const samples = this.#samples[name]!
    const isSameInstant = this.#tookAt === now
    this.#tookAt = now
    if (!isSameInstant) this.#tookFrom = samples.length - 1
    let place = samples.length - 1
    for (; place > this.#tookFrom && samples[place - 1]! < now - since; place--) samples[place] = samples[place - 1]!
    samples[place] = now - since
  }

  get samples(): { readonly [name: string]: readonly number[] } {
    return this.#samples
  }

  #note(which: 'fault' | 'undo', name: TransitionName, key: string, now: Ms, value: number | undefined): void {
    const origin = this.#origins[which]
    const bit = BITS[name]
    if (origin < 0 || (this.#seen[which] & bit) !== 0) return
    this.#seen[which] |= bit
    this.#keep(key, value ?? now - origin)
  }

  #keep(key: string, value: number): void {
    const known = this.#samples[key]
    if (known === undefined) this.#samples[key] = [value]
    else known.push(value)
  }
}
