import type { Simulation } from '../../engine/simulation.ts'
import { firstAtOrAfter } from '../../infra/period.ts'
import type { EtcdGroup } from './group.ts'
import type { EtcdMember } from './member.ts'

/** In which order the members of a sleeping group go on, which counts for those that tick at the same instant. */
export class TickOrder {
  readonly #simulation: Simulation
  readonly #group: EtcdGroup
  /** Room to sort in. */
  readonly #sorted: EtcdMember[] = []

  constructor(simulation: Simulation, group: EtcdGroup) {
    this.#simulation = simulation
    this.#group = group
  }

  /**
   * Who is brought up to an instant keeps its place among those that tick at the same instant. To be called before anybody's
   * next tick is moved, which tells the order. @returns how many members take part
   */
  keep(): number {
    const running = this.#sort()
    const before = this.#simulation.eventCount - 1
    for (let place = 0; place < running; place++) {
      this.#sorted[place]!.tickPlannedIn = before + (place + 1) / (running + 1)
    }
    return running
  }

  #sort(): number {
    const { members } = this.#group
    const sorted = this.#sorted
    let running = 0
    for (let index = 0; index < members.length; index++) {
      const member = members[index]!
      if (!member.takesPart) continue
      // By insertion: a handful of members, and no allocation.
      let place = running++
      for (; place > 0 && goesOnBefore(member, sorted[place - 1]!); place--) sorted[place] = sorted[place - 1]!
      sorted[place] = member
    }
    return running
  }

  /** Everyone ticks again, in the order found by {@link keep}. */
  resume(running: number): void {
    const { now } = this.#simulation
    for (let place = 0; place < running; place++) {
      const member = this.#sorted[place]!
      member.wake(firstAtOrAfter(member.nextTickAt, member.config.tickInterval, now))
    }
  }
}

/** Sleep may have come between two ticks of one instant: who has had that one goes first. */
function goesOnBefore(a: EtcdMember, b: EtcdMember): boolean {
  return a.nextTickAt > b.nextTickAt || (a.nextTickAt === b.nextTickAt && a.tickPlannedIn < b.tickPlannedIn)
}
