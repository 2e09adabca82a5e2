import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Entry, type RaftVersion, raftBehaviour } from '../../src/raft/index.ts'
import { Cluster } from './cluster.ts'

type Action =
  | { readonly do: 'tick' | 'campaign' | 'restart' | 'isolate' | 'propose' | 'compact' | 'read'; readonly on: number }
  | { readonly do: 'deliver' | 'lose' | 'repeat'; readonly pick: number }
  | { readonly do: 'heal' | 'settle' }

const SIZE = 5
const onMember = fc.record({
  do: fc.constantFrom(
    'tick',
    'tick',
    'campaign',
    'restart',
    'isolate',
    'propose',
    'propose',
    'compact',
    'read' as const,
  ),
  on: fc.integer({ min: 1, max: SIZE }),
})
const onMessage = fc.record({
  do: fc.constantFrom('deliver', 'deliver', 'deliver', 'lose', 'repeat' as const),
  pick: fc.nat(1000),
})
const onAll = fc.record({ do: fc.constantFrom('heal', 'settle' as const) })
const actions = fc.array(
  fc.oneof({ weight: 4, arbitrary: onMember }, { weight: 8, arbitrary: onMessage }, { weight: 1, arbitrary: onAll }),
  { minLength: 20, maxLength: 250 },
) as fc.Arbitrary<Action[]>

/** Takes one step of chance; messages are delivered in any order, more than once, or never. */
function act(cluster: Cluster, action: Action, step: number): void {
  switch (action.do) {
    case 'tick':
      cluster.tick(action.on, 10)
      return
    case 'campaign':
      cluster.node(action.on).campaign()
      return
    case 'restart':
      cluster.member(action.on).restart()
      return
    case 'isolate':
      cluster.isolate(action.on)
      return
    case 'propose':
      cluster.node(action.on).propose(`${step}`)
      return
    case 'read':
      cluster.node(action.on).readIndex(step)
      return
    case 'compact': {
      const { storage, raw } = cluster.member(action.on)
      storage.createSnapshot(raw.applied, undefined, undefined)
      storage.compact(raw.applied)
      return
    }
    case 'heal':
      cluster.heal()
      return
    case 'settle':
      cluster.settle()
      return
    default: {
      cluster.collect()
      const at = action.pick % Math.max(1, cluster.queue.length)
      const [m] = action.do === 'repeat' ? cluster.queue.slice(at, at + 1) : cluster.queue.splice(at, 1)
      if (m !== undefined && action.do !== 'lose') cluster.deliver(m)
    }
  }
}

/** A small generator of uniform numbers (mulberry32): draws that shrink towards zero would never break a tie. */
function draws(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Watches a run for what must never happen (Raft paper, figure 3). */
class Watch {
  readonly #leaderOf = new Map<number, number>()
  /** What was applied at each index, and the term of the member that applied it first. */
  readonly #applied = new Map<number, { readonly entry: Entry; readonly term: number }>()
  readonly #votes = new Map<string, number>()
  #checked = 0

  check(cluster: Cluster): void {
    for (const { id, raw, applied } of cluster.members) {
      if (raw.state === 'StateLeader') {
        // Election safety: at most one leader a term.
        expect(this.#leaderOf.get(raw.term) ?? id).toBe(id)
        this.#leaderOf.set(raw.term, id)
        // Leader completeness: a leader has everything that was committed in earlier terms.
        const earlier = [...this.#applied].filter(([, { term }]) => term < raw.term).map(([index]) => index)
        expect(raw.lastIndex).toBeGreaterThanOrEqual(Math.max(0, ...earlier))
      }
      expect(raw.committed).toBeLessThanOrEqual(raw.lastIndex)
      for (const entry of applied.slice(-5)) {
        // State machine safety: one entry an index, for all and for ever.
        const known = this.#applied.get(entry.index)
        expect(known?.entry ?? entry).toEqual(entry)
        if (known === undefined) this.#applied.set(entry.index, { entry, term: raw.term })
      }
    }
    for (; this.#checked < cluster.sent.length; this.#checked++) {
      const m = cluster.sent[this.#checked]!
      if (m.type !== 'MsgVoteResp' || m.reject) continue
      // One vote a term, restarts or not.
      expect(this.#votes.get(`${m.from} in ${m.term}`) ?? m.to).toBe(m.to)
      this.#votes.set(`${m.from} in ${m.term}`, m.to)
    }
  }
}

describe.each(['3.4', '3.5', '3.6', '3.7'] as const)('safety under chance, raft %s', (version: RaftVersion) => {
  test.each([false, true])('with pre-vote and quorum check: %s', (guarded) => {
    fc.assert(
      fc.property(actions, fc.integer(), (plan, seed) => {
        const random = draws(seed)
        const behaviour = raftBehaviour(version)
        const cluster = new Cluster(SIZE, {
          random,
          behaviour,
          preVote: guarded,
          checkQuorum: guarded,
          maxInflightMsgs: 3,
        })
        const watch = new Watch()
        plan.forEach((action, step) => {
          act(cluster, action, step)
          cluster.collect()
          watch.check(cluster)
        })
        // Liveness: once all is well again, there is one leader and one log.
        cluster.heal()
        cluster.pass(300)
        expect(cluster.leaders()).toHaveLength(1)
        expect(new Set(cluster.members.map(({ raw }) => raw.committed)).size).toBe(1)
        watch.check(cluster)
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})
