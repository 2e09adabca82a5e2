import { listOf } from '../base/list.ts'
import type { Ms } from '../base/units.ts'
import type { BuiltSystem } from './build.ts'
import type { ChangeReason, StructureHub } from './change.ts'
import type { CompiledModel } from './compile.ts'
import type { Part } from './part.ts'

/**
 * Who hears of changes, synchronously, once everything that follows from an event has been worked out. Not called
 * while the system is constructed: ask it for its state then.
 */
export interface PartListener {
  /** A part's own state, or whether it has what it needs, has changed. */
  partChanged?(part: number, up: boolean, usable: boolean, reason: ChangeReason): void
  roleChanged?(role: number, holder: number): void
  /** A service was lost or came back, or is lost for another reason (see {@link ServiceLoss}). */
  serviceChanged?(service: number, holds: boolean, at: Ms): void
}

/** Why a service does not hold. */
export interface ServiceLoss {
  /** `parts`: it would not hold even if every role were held. `hand-over`: it waits for a role alone. */
  readonly mechanism: 'parts' | 'hand-over'
  /** Group, common cause or calendar whose change brought it down, or `<role> hand-over`. */
  readonly cause: string
}

const HOLDS = 0
const LACKS_ROLE = 1
const LACKS_PARTS = 2

/** What the world has been told of a system: it is told again only where that has changed. */
export class Published {
  readonly #hub: StructureHub
  readonly #compiled: CompiledModel
  readonly #built: BuiltSystem
  readonly #listener: PartListener | undefined
  readonly #serviceStates: Uint8Array
  readonly #causes: string[]
  readonly #up: Uint8Array
  readonly #usable: Uint8Array
  readonly #holders: Int32Array

  constructor(hub: StructureHub, compiled: CompiledModel, built: BuiltSystem, listener: PartListener | undefined) {
    this.#hub = hub
    this.#compiled = compiled
    this.#built = built
    this.#listener = listener
    this.#serviceStates = new Uint8Array(compiled.services.length)
    this.#causes = listOf(compiled.services.length, () => '')
    this.#up = new Uint8Array(built.parts.length)
    this.#usable = new Uint8Array(built.parts.length)
    this.#holders = new Int32Array(built.roles.length)
  }

  /** Takes the present state for known, without telling anybody. */
  begin(): void {
    for (let service = 0; service < this.#serviceStates.length; service++) {
      this.#serviceStates[service] = this.#serviceState(service)
      const last = this.#down(service).at(-1)
      this.#causes[service] = this.#cause(service, last === undefined ? '' : last.reason.cause)
    }
    for (const part of this.#built.parts) {
      this.#up[part.index] = part.isUp ? 1 : 0
      this.#usable[part.index] = this.#hub.network.holds(part.index) ? 1 : 0
    }
    this.#built.roles.forEach((role, r) => {
      this.#holders[r] = role.holder
    })
  }

  part(part: number, reason: ChangeReason): void {
    const { reason: own, isUp } = this.#built.parts[part]!
    const up = isUp ? 1 : 0
    const usable = this.#hub.network.holds(part) ? 1 : 0
    if (up === this.#up[part] && usable === this.#usable[part]) return
    const known = up !== this.#up[part]
    this.#up[part] = up
    this.#usable[part] = usable
    const { cause, graceful } = reason
    const why: ChangeReason = known ? own : { kind: usable === 1 ? 'need-back' : 'need-lost', cause, graceful }
    this.#listener?.partChanged?.(part, isUp, usable === 1, why)
  }

  role(role: number): void {
    const { holder } = this.#built.roles[role]!
    if (holder === this.#holders[role]) return
    this.#holders[role] = holder
    this.#listener?.roleChanged?.(role, holder)
  }

  service(service: number, reason: ChangeReason): void {
    const state = this.#serviceState(service)
    if (state === this.#serviceStates[service]) return
    this.#serviceStates[service] = state
    this.#causes[service] = this.#cause(service, reason.cause)
    this.#listener?.serviceChanged?.(service, state === HOLDS, this.#hub.simulation.now)
  }

  loss(service: number): ServiceLoss {
    const mechanism = this.#serviceStates[service] === LACKS_ROLE ? 'hand-over' : 'parts'
    return { mechanism, cause: this.#causes[service]! }
  }

  describe(service: number): string {
    const names = this.#down(service).map((part) => {
      const { kind, cause } = part.reason
      return part.failed || kind === 'repair' ? part.name : `${part.name} (${cause})`
    })
    if (this.#serviceStates[service] === LACKS_ROLE) names.push(this.#causes[service]!)
    return names.join(', then ')
  }

  /** Parts a service depends on that are down, in the order they went down. */
  #down(service: number): Part[] {
    const down: Part[] = []
    for (const part of this.#compiled.services[service]!.parts) {
      const candidate = this.#built.parts[part]!
      if (!candidate.isUp) down.push(candidate)
    }
    return down.sort((a, b) => a.downOrder - b.downOrder)
  }

  #serviceState(service: number): number {
    const { node, partsNode } = this.#compiled.services[service]!
    if (this.#hub.network.holds(node)) return HOLDS
    return node !== partsNode && this.#hub.network.holds(partsNode) ? LACKS_ROLE : LACKS_PARTS
  }

  #cause(service: number, changed: string): string {
    if (this.#serviceStates[service] !== LACKS_ROLE) return changed
    const missing = this.#compiled.services[service]!.roles.find((role) => this.#built.roles[role]!.holder < 0)
    return missing === undefined ? changed : `${this.#built.roles[missing]!.role.name} hand-over`
  }
}
