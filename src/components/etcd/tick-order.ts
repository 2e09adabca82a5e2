import type { EtcdMember } from './member.ts'

/**
 * Who goes first among members that tick at the same instant: it stays so from one tick to the next, since each plans its next
 * one as it ticks. Who starts to tick plans that in the event that starts it. If that event had been planned longer than a
 * tick before, it came before the others' ticks at its instant, else after them.
 */
export class TickOrder {
  /** From the first to the last. */
  readonly #members: EtcdMember[]
  /** Per member: when it started to tick. */
  readonly #since: Float64Array

  constructor(members: readonly EtcdMember[]) {
    this.#members = members.slice()
    this.#since = new Float64Array(members.length).fill(Number.NEGATIVE_INFINITY)
  }

  /** A process runs from now on; its start was planned `takes` ms ago. */
  starts(member: EtcdMember, takes: number, now: number): void {
    this.#leave(member)
    let place = 0
    if (takes < member.config.tickInterval) place = this.#members.length
    else while (place < this.#members.length && this.#startedAt(this.#members[place]!) === now) place++
    this.#members.splice(place, 0, member)
    this.#since[member.config.id - 1] = now
  }

  /** A frozen process goes on at its old phase: the others had planned their next ticks before. */
  goesOn(member: EtcdMember): void {
    this.#leave(member)
    this.#members.push(member)
    this.#since[member.config.id - 1] = Number.NEGATIVE_INFINITY
  }

  /** All members, those that do not run among them. */
  get members(): readonly EtcdMember[] {
    return this.#members
  }

  #leave(member: EtcdMember): void {
    this.#members.splice(this.#members.indexOf(member), 1)
  }

  #startedAt(member: EtcdMember): number {
    return this.#since[member.config.id - 1]!
  }
}
