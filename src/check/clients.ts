import { ms } from '../base/units.ts'
import { integerBelow, type Random } from '../engine/random.ts'
import type { Actor } from '../engine/simulation.ts'
import type { Operation } from '../observe/invariants/clients.ts'
import type { RawNode } from '../raft/raw-node.ts'
import type { Entry } from '../raft/types.ts'
import type { CheckedMember, MemberWorld } from './member.ts'

/** A request is given up after this many election timeouts: it may still take effect. */
const PATIENCE = 8

export type ClientEvent =
  | { readonly kind: 'write' }
  | { readonly kind: 'read' }
  | { readonly kind: 'retry'; readonly read: string }

interface PendingWrite {
  readonly operation: Operation
  readonly member: CheckedMember
  readonly generation: number
  readonly until: number
}

interface PendingRead extends PendingWrite {
  readonly name: string
  attempt: number
  context: string
  /** What Raft answered. */
  index: number | undefined
}

/** Clients that write and read at members they choose by chance, and hold them to what was answered. */
export class Clients implements Actor<ClientEvent> {
  readonly #world: MemberWorld
  readonly #members: () => readonly CheckedMember[]
  readonly #random: Random
  readonly #patience: number
  readonly #writes = new Map<string, PendingWrite>()
  readonly #reads = new Map<string, PendingRead>()
  #count = 0
  #stopped = false
  /** Requests answered so far. */
  written = 0
  readDone = 0

  constructor(world: MemberWorld, members: () => readonly CheckedMember[]) {
    this.#world = world
    this.#members = members
    this.#random = world.simulation.streams.stream('clients')
    this.#patience = PATIENCE * world.settings.electionTick * world.settings.tickInterval
  }

  start(): void {
    const { writeEvery, readEvery } = this.#world.settings
    if (writeEvery > 0) this.#again('write', writeEvery)
    if (readEvery > 0) this.#again('read', readEvery)
  }

  /** Requests that are not answered, nor given up. */
  get pending(): number {
    return this.#writes.size + this.#reads.size
  }

  /** No more requests but those asked for one by one. */
  stop(): void {
    this.#stopped = true
    this.#writes.clear()
    this.#reads.clear()
  }

  handle(event: ClientEvent): void {
    const { writeEvery, readEvery } = this.#world.settings
    if (event.kind === 'retry') {
      this.#retry(event.read)
      return
    }
    if (this.#stopped) return
    this.#again(event.kind, event.kind === 'write' ? writeEvery : readEvery)
    const member = this.#choose()
    if (member === undefined) return
    if (event.kind === 'write') this.write(member)
    else this.read(member)
  }

  write(member: CheckedMember): void {
    const name = `w${++this.#count}`
    const { checker, simulation } = this.#world
    const operation = checker.clients.begin(`write ${name}`, name, checker.history.maxCommit)
    const until = simulation.now + this.#patience
    const { generation } = member
    this.#writes.set(name, { operation, member, generation, until })
    member.act((node) => {
      if (node.propose(name) === undefined) return
      this.#writes.delete(name)
      checker.clients.refused(operation)
    })
  }

  read(member: CheckedMember): void {
    if (this.#isLoneVoter()) return
    const name = `r${++this.#count}`
    const { checker, simulation } = this.#world
    const operation = checker.clients.begin(`read ${name}`, null, checker.history.maxCommit)
    const until = simulation.now + this.#patience
    const { generation } = member
    const read: PendingRead = { name, operation, member, generation, until, attempt: 0, context: '', index: undefined }
    this.#reads.set(name, read)
    this.#retry(name)
  }

  /** Raft has answered a read at a member. */
  readAnswered(member: CheckedMember, context: string, index: number): void {
    const { rules, checker } = this.#world
    const isJudged = !this.#isLoneVoter()
    for (const read of this.#reads.values()) {
      if (read.member !== member || read.generation !== member.generation || read.index !== undefined) continue
      if (!rules.answersRead(context, read.context)) continue
      if (!isJudged) {
        this.#reads.delete(read.name)
        continue
      }
      read.index = index
      checker.clients.readIndex(read.operation, member.id, index)
    }
    this.#serve(member)
  }

  /** A member's state machine has moved. */
  applied(member: CheckedMember, entry: Entry | undefined): void {
    if (entry !== undefined && typeof entry.data === 'string') this.#answerWrite(member, entry, entry.data)
    this.#serve(member)
  }

  #answerWrite(member: CheckedMember, { index }: Entry, name: string): void {
    const write = this.#writes.get(name)
    if (write === undefined || write.member !== member || write.generation !== member.generation) return
    this.#writes.delete(name)
    if (write.until < this.#world.simulation.now) return
    const { checker } = this.#world
    checker.applications.acknowledged(index, name)
    checker.clients.writeAnswered(write.operation, index)
    this.written++
  }

  #serve(member: CheckedMember): void {
    const { rules, checker } = this.#world
    for (const read of this.#reads.values()) {
      if (read.member !== member || read.index === undefined) continue
      if (!rules.servesRead(read.index, member.machine.applied)) continue
      this.#reads.delete(read.name)
      if (read.generation !== member.generation) continue
      const { applied, value } = member.machine
      checker.clients.readServed(read.operation, member.id, read.index, applied, value)
      this.readDone++
    }
  }

  /**
   * A lone voter answers reads without knowing what is committed until the first commit of its term (see steps.ts), and
   * after a restart one that was alone once may take itself for it until it has replayed its log.
   */
  #isLoneVoter(): boolean {
    const { voters } = this.#world.checker.newestConfiguration
    return voters.length === 1 || this.#members().some(({ node }) => node !== undefined && thinksItIsAlone(node))
  }

  /** Messages of a read may be lost: it is asked again, under another name. */
  #retry(name: string): void {
    const read = this.#reads.get(name)
    if (read === undefined || read.index !== undefined) return
    const { simulation, settings, rules } = this.#world
    if (read.until < simulation.now || read.member.generation !== read.generation) {
      this.#reads.delete(name)
      return
    }
    read.attempt++
    read.context = rules.readContext(name, read.attempt)
    const { context } = read
    // Twice as patient each time: an answer that takes longer than the first wait must still be waited for.
    const wait = (settings.electionTick * settings.tickInterval * 2 ** read.attempt) / 4
    simulation.schedule(ms(wait), this, { kind: 'retry', read: name })
    read.member.act((node) => node.readIndex(context))
  }

  #again(kind: 'write' | 'read', every: number): void {
    this.#world.simulation.schedule(ms(every * (0.5 + this.#random.next())), this, { kind })
  }

  #choose(): CheckedMember | undefined {
    const members = this.#members().filter(({ alive }) => alive)
    return members[integerBelow(this.#random, Math.max(1, members.length))]
  }
}

function thinksItIsAlone({ configuration, state }: RawNode): boolean {
  return state === 'StateLeader' && configuration.incoming.length === 1 && configuration.outgoing.length === 0
}
