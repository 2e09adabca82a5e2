import { describe, expect, test } from 'vitest'
import {
  type Entry,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  MemoryStorage,
  type Message,
  message,
  RawNode,
} from '../../src/raft/index.ts'

/** Follower 2 of 3, whose appends wait in `work` until the test does them. */
function follower(): { raw: RawNode; storage: MemoryStorage; work: Message[]; take: () => readonly Message[] } {
  const storage = new MemoryStorage()
  const confState = { voters: [1, 2, 3], learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false }
  storage.applySnapshot({ index: 1, term: 1, confState, data: undefined })
  const raw = new RawNode({
    id: 2,
    storage,
    electionTick: 10,
    heartbeatTick: 1,
    random: () => 0,
    asyncStorageWrites: true,
    applied: 1,
  })
  const work: Message[] = []
  const take = (): readonly Message[] => {
    const messages = raw.hasReady() ? raw.ready().messages : []
    work.push(...messages.filter((m) => m.to === LOCAL_APPEND_THREAD))
    return messages
  }
  return { raw, storage, work, take }
}

function append(term: number, from: number, entries: readonly Entry[], commit = 0): Message {
  const m = message('MsgApp', 2, from)
  m.term = term
  m.index = 1
  m.logTerm = 1
  m.entries = entries
  m.commit = commit
  return m
}

function entry(term: number): Entry {
  return { term, index: 2, type: 'EntryNormal', data: `of term ${term}` }
}

/** Does the oldest append and returns what is to be delivered then. */
function doAppend(storage: MemoryStorage, work: Message[]): readonly Message[] {
  const m = work.shift()!
  storage.append(m.entries)
  return m.responses
}

describe('asynchronous storage writes', () => {
  test('an acknowledgement leaves only when the append is done', () => {
    const { raw, storage, work, take } = follower()
    raw.step(append(1, 1, [entry(1)]))
    expect(take().filter((m) => m.to === 1)).toEqual([])
    expect(doAppend(storage, work).map((m) => [m.type, m.to, m.index])).toEqual([
      ['MsgAppResp', 1, 2],
      ['MsgStorageAppendResp', 2, 2],
    ])
  })

  test('a committed entry is applied once it is known to be on disk', () => {
    const { raw, storage, work, take } = follower()
    raw.step(append(1, 1, [entry(1)], 2))
    expect(take().filter((m) => m.to === LOCAL_APPLY_THREAD)).toEqual([])
    for (const m of doAppend(storage, work)) if (m.to === 2) raw.step(m)
    const apply = take().find((m) => m.to === LOCAL_APPLY_THREAD)!
    expect(apply.entries).toEqual([entry(1)])
    expect(raw.applied).toBe(1)
    raw.step(apply.responses[0]!)
    expect(raw.applied).toBe(2)
  })

  test('an entry that was replaced and replaced back stays unstable while older appends are under way', () => {
    const { raw, storage, work, take } = follower()
    raw.step(append(1, 1, [entry(1)]))
    take()
    raw.step(append(2, 3, [entry(2)]))
    take()
    // Back to the first entry: an older leader's, replicated again in a later term.
    raw.step(append(3, 1, [entry(1)]))
    take()
    for (const m of doAppend(storage, work)) if (m.to === 2) raw.step(m)
    expect(storage.term(2)).toBe(1)
    // The second append overwrites the disk; whoever reads the log there would see the wrong entry.
    doAppend(storage, work)
    expect(storage.term(2)).toBe(2)
    expect(raw.lastTerm).toBe(1)
    for (const m of doAppend(storage, work)) if (m.to === 2) raw.step(m)
    expect([storage.term(2), raw.lastTerm]).toEqual([1, 1])
  })

  test('an acknowledgement for an entry that is no longer the one in the log counts for nothing', () => {
    const { raw, storage, work, take } = follower()
    raw.step(append(3, 1, [entry(1)]))
    take()
    raw.step(append(3, 1, [entry(3)]))
    for (const m of doAppend(storage, work)) if (m.to === 2) raw.step(m)
    expect(raw.lastTerm).toBe(3)
    take()
    expect(work[0]!.entries).toEqual([entry(3)])
  })
})
