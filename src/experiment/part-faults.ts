import { type Ms, ms } from '../base/units.ts'
import type { Actor } from '../engine/simulation.ts'
import type { FaultAction, FaultPlan } from '../faults/plan.ts'
import type { PartSystem } from '../structure/part-system.ts'

type FaultEvent =
  | { readonly kind: 'begin'; readonly action: FaultAction; readonly parts: readonly number[] }
  | { readonly kind: 'end'; readonly action: FaultAction; readonly parts: readonly number[] }

/** Actions after which a part is not there; the others say nothing about a part. */
const TAKES_DOWN: ReadonlySet<string> = new Set(['crash', 'stop', 'pause', 'reboot', 'isolate', 'lose-disk'])
/** Those that announce themselves. */
const ORDERLY: ReadonlySet<string> = new Set(['stop', 'reboot'])

/** Whether a fault plan's action means something to a system of parts. */
function takesPartDown(action: FaultAction): boolean {
  return TAKES_DOWN.has(action.do)
}

/**
 * Plays a fault plan on a system of parts: whatever takes something down holds the parts it names (members, or all of a
 * group) down for its time; an outage is blamed on the plan. Actions that a part cannot show (delay, loss, slow disk)
 * are the parser's to refuse.
 */
export class PartFaults implements Actor<FaultEvent> {
  readonly #system: PartSystem
  readonly #plan: FaultPlan | null
  readonly #from: Ms

  /** @param from clock of the plan's zero */
  constructor(system: PartSystem, plan: FaultPlan | null, from: Ms) {
    this.#system = system
    this.#plan = plan
    this.#from = from
  }

  start(): void {
    const { simulation } = this.#system
    for (const action of this.#plan?.actions ?? []) {
      const parts = takesPartDown(action) ? this.#partsOf(action) : []
      const begin = ms(this.#from + action.at)
      simulation.scheduleAgenda(begin, this, { kind: 'begin', action, parts })
      if (action.for !== null) simulation.scheduleAgenda(ms(begin + action.for), this, { kind: 'end', action, parts })
    }
  }

  handle(event: FaultEvent): void {
    const cause = `${event.action.do} ${event.action.on.join(', ')}`
    for (const part of event.parts) {
      if (event.kind === 'begin') this.#system.hold(part, cause, ORDERLY.has(event.action.do))
      else this.#system.release(part, cause)
    }
  }

  #partsOf(action: FaultAction): number[] {
    const { groups } = this.#system.model
    const parts: number[] = []
    let index = 0
    for (const group of groups) {
      for (let k = 1; k <= group.count; k++, index++) {
        const isNamed = action.on.some((name) => name === group.name || name === `${group.name}-${k}`)
        if (isNamed) parts.push(index)
      }
    }
    return parts
  }
}
