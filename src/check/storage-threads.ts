import { ms } from '../base/units.ts'
import type { Message } from '../raft/types.ts'
import type { DiskWrite } from './disk.ts'
import type { CheckedMember } from './member.ts'

/** Share of a disk write's time that applying takes. */
const APPLY_SHARE = 0.5

/**
 * The two local threads of asynchronous storage: one writes, one applies, each in order and without loss. What has
 * gathered in the meantime is done next, all together.
 */
export class StorageThreads {
  readonly #member: CheckedMember
  /** The first `#writing` of them are being written. */
  #appends: Message[] = []
  #writing = 0
  #applies: Message[] = []
  #applying = 0

  constructor(member: CheckedMember) {
    this.#member = member
  }

  append(m: Message): void {
    this.#appends.push(m)
    if (this.#writing === 0) this.#startAppend()
  }

  apply(m: Message): void {
    this.#applies.push(m)
    if (this.#applying === 0) this.#startApply()
  }

  crash(): void {
    this.#appends = []
    this.#writing = 0
    this.#applies = []
    this.#applying = 0
  }

  /** The write is done. */
  appended(): void {
    const member = this.#member
    const written = this.#appends.splice(0, this.#writing)
    this.#writing = 0
    for (const m of written) member.write(writeOf(m))
    if (member.crashesAt('after-write')) return
    for (const m of written) this.#respond(m)
    if (member.crashesAt('after-send')) return
    if (this.#appends.length > 0) this.#startAppend()
    member.work()
  }

  /** The entries that were taken are to be applied. */
  applied(): void {
    const member = this.#member
    const taken = this.#applies.splice(0, this.#applying)
    this.#applying = 0
    for (const m of taken) {
      member.apply(m.entries)
      this.#respond(m)
    }
    if (this.#applies.length > 0) this.#startApply()
    member.work()
  }

  #respond(m: Message): void {
    const member = this.#member
    const own = m.responses.filter(({ to }) => to === member.id)
    member.send(m.responses.filter(({ to }) => to !== member.id))
    for (const response of own) {
      member.node!.step(response)
      member.world.checker.changed(member)
    }
  }

  #startAppend(): void {
    const member = this.#member
    if (member.crashesAt('before-write')) return
    if (member.trap?.point === 'mid-write') {
      this.#tear()
      member.crashesAt('mid-write')
      return
    }
    this.#writing = this.#appends.length
    const { simulation } = member.world
    simulation.schedule(ms(member.writeTime()), member, { kind: 'appended', generation: member.generation })
  }

  /** A crash in the middle: some messages are written, of the next one some entries. */
  #tear(): void {
    const member = this.#member
    const whole = Math.floor(member.random.next() * this.#appends.length)
    for (let i = 0; i < whole; i++) member.disk.write(writeOf(this.#appends[i]!))
    member.tear(writeOf(this.#appends[whole]!))
  }

  #startApply(): void {
    const member = this.#member
    this.#applying = this.#applies.length
    const { simulation, settings } = member.world
    const delay = settings.fsync * APPLY_SHARE * (1 + member.random.next())
    simulation.schedule(ms(delay), member, { kind: 'applied', generation: member.generation })
  }
}

function writeOf({ term, vote, commit, entries, snapshot }: Message): DiskWrite {
  // Without a change of the hard state the message names none: a term is never 0.
  return { hardState: term === 0 ? undefined : { term, vote, commit }, entries, snapshot }
}
