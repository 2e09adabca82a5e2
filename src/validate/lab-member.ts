import type { Random } from '../engine/random.ts'
import type { EventHandle } from '../engine/simulation.ts'
import { type ConfState, type Entry, MemoryStorage, NONE, type NodeId, RawNode } from '../raft/index.ts'
import type { ElectionSetting } from './election-lab.ts'

/** The log index that every member's snapshot covers. */
const BASE_INDEX = 1

/** One member of the laboratory: the core, its disk, its chance. */
export class LabMember {
  readonly id: NodeId
  readonly raw: RawNode
  readonly storage = new MemoryStorage()
  readonly chance: Random
  readonly disk: Random
  /** The running timeout, where the timers are continuous. */
  timer: EventHandle | undefined = undefined

  constructor(setting: ElectionSetting, id: NodeId, term: number, chance: Random, disk: Random) {
    this.id = id
    this.chance = chance
    this.disk = disk
    const { members, alive, timers } = setting
    this.storage.applySnapshot({ index: BASE_INDEX, term, confState: voters(members), data: undefined })
    this.storage.setHardState({ term, vote: alive < members ? members : NONE, commit: BASE_INDEX })
    if (setting.logs === 'unequal') this.storage.append(entries(id - 1, term))
    this.raw = new RawNode({
      id,
      storage: this.storage,
      electionTick: timers.kind === 'ticks' ? timers.electionTicks : 2,
      heartbeatTick: 1,
      // With continuous timers the core is never ticked: it campaigns when it is told to.
      random: timers.kind === 'ticks' ? () => chance.next() : () => 0,
      preVote: setting.preVote,
      checkQuorum: setting.checkQuorum,
      asyncStorageWrites: true,
    })
  }
}

function voters(count: number): ConfState {
  const ids = Array.from({ length: count }, (_, i) => i + 1)
  return { voters: ids, learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false }
}

function entries(count: number, term: number): Entry[] {
  return Array.from({ length: count }, (_, i) => ({
    term,
    index: BASE_INDEX + 1 + i,
    type: 'EntryNormal',
    data: undefined,
  }))
}
