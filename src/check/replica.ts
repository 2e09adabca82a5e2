import { changeOf, confStateOf } from '../raft/configuration.ts'
import type { RawNode } from '../raft/raw-node.ts'
import type { Entry, HardState, Snapshot } from '../raft/types.ts'
import type { DiskWrite } from './disk.ts'
import { applied, type MachineState } from './machine.ts'
import type { CheckedMember } from './member.ts'

/** Share of the batches of applied entries after which the state machine is saved. */
const SAVE_SHARE = 0.2

/** What a member has applied: the state machine, and what of it and of the hard state its disk held before. */
export class Replica {
  machine: MachineState
  /** What the disk held before the last change of term or vote, and the machine before its last save. */
  olderHardState: HardState = { term: 1, vote: 0, commit: 1 }
  olderMachine: MachineState
  readonly #member: CheckedMember
  /** Index up to which Raft's membership follows the log. */
  #replayed = 0

  constructor(member: CheckedMember, machine: MachineState) {
    this.#member = member
    this.machine = machine
    this.olderMachine = machine
  }

  /** The process starts: Raft's membership stands at the snapshot, the machine is perhaps further. */
  start(machine: MachineState, replayed: number): void {
    this.machine = machine
    this.#replayed = replayed
  }

  /** Makes a write durable. */
  write(write: DiskWrite): void {
    const { disk } = this.#member
    const before = disk.hardState()
    disk.write(write)
    const after = disk.hardState()
    if (after.term !== before.term || after.vote !== before.vote) this.olderHardState = before
    if (write.snapshot !== undefined) this.#restored(write.snapshot)
  }

  /** The state machine, and Raft's membership, take committed entries. */
  apply(node: RawNode, entries: readonly Entry[]): void {
    const { world, id } = this.#member
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!
      // A snapshot that has come in meanwhile already holds the membership after this change.
      if (entry.type !== 'EntryNormal' && entry.index >= node.firstIndex) {
        world.rules.appliesChange(node, changeOf(entry))
        world.checker.configurationApplied(this.#member, entry.index)
        world.changed(this.#member)
      }
      this.#replayed = Math.max(this.#replayed, entry.index)
      // After a restart the log is replayed from its snapshot, the state machine may be further.
      if (entry.index <= this.machine.applied) continue
      const previous = this.machine.applied
      this.machine = applied(this.machine, entry)
      world.checker.applications.applied(id, previous, entry, this.machine.state)
      world.applied(this.#member, entry)
    }
    this.#save(node)
  }

  /** Saves a snapshot of the state machine and shortens the log. */
  compact(node: RawNode, keep: number): void {
    const { disk } = this.#member
    if (this.machine.applied <= disk.storage.snapshot().index) return
    // The snapshot holds Raft's membership, which must be as of the same index.
    if (this.#replayed !== this.machine.applied) return
    disk.snapshot(this.machine, confStateOf(node.configuration), keep)
  }

  /** As etcd does: a snapshot leaves with the newest state there is; undefined if that is no newer. */
  freshSnapshot(node: RawNode, { index }: Snapshot): Snapshot | undefined {
    const { machine } = this
    if (machine.applied <= index || this.#replayed !== machine.applied) return undefined
    const term = this.#member.disk.term(machine.applied)
    if (term === undefined) return undefined
    return { index: machine.applied, term, confState: confStateOf(node.configuration), data: machine }
  }

  #restored({ index, data }: Snapshot): void {
    const { world, id } = this.#member
    const machine = data as MachineState
    this.#replayed = index
    if (machine.applied <= this.machine.applied) return
    this.machine = machine
    world.checker.applications.state(id, index, machine.state)
    world.applied(this.#member, undefined)
    world.changed(this.#member)
  }

  /** The state machine is saved now and then, with the index it stands at, in one go. */
  #save(node: RawNode): void {
    const { disk, random, world } = this.#member
    const { snapshotEvery, keepEntries } = world.settings
    if (random.next() < SAVE_SHARE && this.machine.applied > disk.machine.applied) {
      this.olderMachine = disk.machine
      disk.machine = this.machine
    }
    const due = snapshotEvery > 0 && this.machine.applied - disk.storage.snapshot().index >= snapshotEvery
    if (due) this.compact(node, keepEntries)
  }
}
