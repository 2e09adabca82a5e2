import type { Ms } from '../base/units.ts'
import type { Random } from '../engine/random.ts'
import type { Actor, EventHandle } from '../engine/simulation.ts'
import type { ChangeReason, StructureHub } from './change.ts'
import type { CompiledRole } from './compile.ts'
import type { Role } from './model.ts'

interface HandedOver {
  readonly kind: 'handed-over'
}

const HANDED_OVER: HandedOver = { kind: 'handed-over' }
const NOBODY = -1
const NO_HAND_OVER: EventHandle = -1

/** What a role is made with. */
export interface RoleOptions {
  readonly hub: StructureHub
  readonly role: Role
  readonly compiled: CompiledRole
  /** Names of all parts. */
  readonly names: readonly string[]
  /** How long each candidate lasts on average: in the long run one that lasts longer is found holding more often. */
  readonly weights: readonly number[]
  readonly handOverStream: Random
  readonly choiceStream: Random
  /** null: hand-overs never fail. */
  readonly failsStream: Random | null
}

/**
 * A role that one of several parts holds: a leader, a virtual address.
 *
 * - When the holder becomes unusable, a hand-over of random length, drawn then, leads to one of the candidates, each
 *   alike: one usable at its start (an address moves to its backup) or, with `while`, at its end (a leader is elected by
 *   those who are there). Members that come and go meanwhile do not prolong it. Who comes back does not take the role
 *   from who holds it.
 * - With `while`, the role is lost with that condition, a running hand-over too; when it returns, so does the role
 *   after a new hand-over.
 * - A hand-over that fails (decided at its start), or whose target is lost, waits for the next candidate that comes
 *   back: it takes the role at once, or after a new hand-over if the role has a `while`.
 */
export class RoleProcess implements Actor<HandedOver> {
  readonly role: Role
  /** The part that holds the role, or −1. */
  holder = NOBODY
  readonly #options: RoleOptions
  readonly #changed: ChangeReason
  #handle: EventHandle = NO_HAND_OVER
  /** Whom the running hand-over leads to; nobody: whoever is usable at its end. */
  #target = NOBODY
  /** Whether it was lost with its condition. */
  #lost = false

  constructor(options: RoleOptions) {
    this.role = options.role
    this.#options = options
    this.#changed = { kind: 'role', cause: `${options.role.name} hand-over`, graceful: false }
  }

  /** Gives the role out at the start: to the first candidate, or as in the long run by chance. */
  start(steady: boolean): void {
    const { hub, compiled } = this.#options
    this.#lost = compiled.whileNode >= 0 && !hub.network.holds(compiled.whileNode)
    const candidate = this.#lost ? NOBODY : steady ? this.#choose(true) : this.#firstUsable()
    if (candidate === NOBODY) hub.network.lower(compiled.leaf)
    else this.holder = candidate
  }

  /**
   * Draws the consequences of candidates and the condition having changed.
   * @param returned a candidate that has just become usable, or −1
   */
  review(returned: number): void {
    const { hub, compiled } = this.#options
    const { network } = hub
    if (compiled.whileNode >= 0 && !network.holds(compiled.whileNode)) {
      this.#lost = true
      this.#cancel()
      this.#setHolder(NOBODY)
      return
    }
    if (this.#lost) {
      this.#lost = false
      this.#beginHandOver()
      return
    }
    if (this.holder !== NOBODY) {
      if (network.holds(this.holder)) return
      this.#setHolder(NOBODY)
      this.#beginHandOver()
      return
    }
    if (this.#handle !== NO_HAND_OVER) {
      if (this.#target !== NOBODY && !network.holds(this.#target)) this.#cancel()
      return
    }
    if (returned === NOBODY || !network.holds(returned)) return
    if (compiled.whileNode < 0) this.#setHolder(returned)
    else this.#beginHandOver()
  }

  handle(_event: HandedOver): void {
    this.#handle = NO_HAND_OVER
    const candidate = this.#target === NOBODY ? this.#choose(false) : this.#target
    if (candidate === NOBODY) return
    this.#setHolder(candidate)
    this.#options.hub.settle(this.#changed)
  }

  #beginHandOver(): void {
    const { hub, compiled, handOverStream, failsStream } = this.#options
    if (this.#firstUsable() === NOBODY) return
    const delay = compiled.handOver(handOverStream)
    if (failsStream !== null && failsStream.next() < this.role.fails) return
    this.#target = compiled.whileNode < 0 ? this.#choose(false) : NOBODY
    this.#handle = hub.simulation.scheduleAgenda((hub.simulation.now + delay) as Ms, this, HANDED_OVER)
  }

  #setHolder(part: number): void {
    if (part === this.holder) return
    const { network } = this.#options.hub
    if (part === NOBODY) network.lower(this.#options.compiled.leaf)
    else if (this.holder === NOBODY) network.raise(this.#options.compiled.leaf)
    this.holder = part
    const { simulation } = this.#options.hub
    if (simulation.tracer === undefined) return
    simulation.tracer.record(
      simulation.now,
      this.role.name,
      part === NOBODY ? 'lost' : `held by ${this.#options.names[part]}`,
    )
  }

  #cancel(): void {
    if (this.#handle === NO_HAND_OVER) return
    this.#options.hub.simulation.cancelAgenda(this.#handle)
    this.#handle = NO_HAND_OVER
  }

  #firstUsable(): number {
    for (const part of this.role.among) if (this.#options.hub.network.holds(part)) return part
    return NOBODY
  }

  /** A usable candidate, each alike or by its weight. */
  #choose(weighted: boolean): number {
    const { hub, weights, choiceStream } = this.#options
    let total = 0
    let last = NOBODY
    const { among } = this.role
    for (let i = 0; i < among.length; i++) {
      if (!hub.network.holds(among[i]!)) continue
      total += weighted ? weights[i]! : 1
      last = among[i]!
    }
    if (last === NOBODY) return NOBODY
    let draw = choiceStream.next() * total
    for (let i = 0; i < among.length; i++) {
      if (!hub.network.holds(among[i]!)) continue
      draw -= weighted ? weights[i]! : 1
      if (draw < 0) return among[i]!
    }
    return last
  }
}
