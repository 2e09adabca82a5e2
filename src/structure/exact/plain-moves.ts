import type { Layout } from './layout.ts'
import type { MoveSink } from './moves.ts'
import type { Phases } from './phases.ts'

/** Whether every part of a module is up or repaired by itself, for exponential times, and nothing follows from either. */
export function isPlain({ entities, roles, shocks, propagations, crews, reacts }: Layout): boolean {
  return (
    roles.length === 0 &&
    shocks.length === 0 &&
    crews.length === 0 &&
    !reacts &&
    propagations.every((betas) => betas.length === 0) &&
    entities.every(({ failure, repair }) => isOnePhase(failure) && isOnePhase(repair))
  )
}

function isOnePhase(phases: Phases | null): boolean {
  return phases === null || (phases.rates.length === 1 && phases.next[0]![0] === 0)
}

/**
 * Where the states of a plain module lead, as `moves.ts` tells it, move for move: one byte after another is turned over.
 * Most models have such modules, and the largest ones there are.
 */
export class PlainMoves {
  readonly #layout: Layout
  /** Per entity: the previous one it may be exchanged with, and the next; −1: none. */
  readonly #twins: Int32Array
  readonly #later: Int32Array
  readonly #work: Uint8Array

  /** @param twins per entity the previous one it may be exchanged with, or −1 */
  constructor(layout: Layout, twins: Int32Array) {
    this.#layout = layout
    this.#twins = twins
    this.#later = new Int32Array(twins.length).fill(-1)
    twins.forEach((earlier, e) => {
      if (earlier >= 0) this.#later[earlier] = e
    })
    this.#work = new Uint8Array(layout.width)
  }

  /** Tells every transition out of a state. */
  from(state: Uint8Array, sink: MoveSink): void {
    const { entities } = this.#layout
    const work = this.#work
    const twins = this.#twins
    const later = this.#later
    work.set(state)
    for (let e = 0; e < entities.length; e++) {
      const byte = state[e]!
      // An earlier one in the same state speaks for it.
      const twin = twins[e]!
      if (twin >= 0 && state[twin] === byte) continue
      const { failure, repair, waits, works } = entities[e]!
      const isUp = byte < waits
      const phases = isUp ? failure : repair
      if (phases === null) continue
      let times = 1
      for (let next = later[e]!; next >= 0 && state[next] === byte; next = later[next]!) times++
      work[e] = isUp ? works : 0
      sink.move(work, phases.rates[0]! * times)
      work[e] = byte
    }
  }
}
