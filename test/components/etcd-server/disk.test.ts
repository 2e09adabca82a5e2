import { describe, expect, it } from 'vitest'
import { ms } from '../../../src/base/units.ts'
import { ReadLoop } from '../../../src/components/etcd/server/read-loop.ts'
import { etcdVersion } from '../../../src/components/etcd/server/version.ts'
import { RandomStreams } from '../../../src/engine/random.ts'
import { Simulation } from '../../../src/engine/simulation.ts'
import { Bench, get, put, serializable } from './bench.ts'
import { told, took } from './told.ts'

describe('a disk that hangs', () => {
  it('under the leader stops its heartbeats, but not its belief, nor its serializable reads', () => {
    const bench = new Bench().established()
    const old = bench.leader
    const client = bench.client(old)
    old.directory.disk.stall(1)
    const [write, read, local] = [client.ask(put('x')), client.ask(get('x')), client.ask(serializable('x'))]
    bench.run(3_000)
    expect(bench.leader).not.toBe(old)
    // Inside, Raft has heard of the new leader; the server layer hears nothing before the disk goes on.
    expect([old.lead, old.raft!.lead]).toEqual([old.id, bench.leader.id])
    bench.run(4_100)
    expect([told(write), told(local)]).toEqual(['etcdserver: request timed out', 'ok'])
    expect([took(write), took(local)]).toEqual([7_000, 0])
    expect(told(read)).toBe('no answer')
    old.directory.disk.stall(-1)
    bench.run(100)
    expect(old.lead).toBe(bench.leader.id)
    expect(told(read)).toBe('ok')
  })

  it('under a follower freezes its election timer too', () => {
    const bench = new Bench().established()
    const [stalled, other] = bench.followers
    const term = bench.leader.raft!.term
    stalled!.directory.disk.stall(1)
    bench.client(bench.leader).ask(put('x'))
    bench.run(5_000)
    expect([stalled!.raft!.state, bench.leader.raft!.term]).toEqual(['StateFollower', term])
    const write = bench.client(other!).ask(put('y'))
    bench.run(50)
    expect(told(write)).toBe('ok')
    stalled!.directory.disk.stall(-1)
    bench.run(1_000)
    expect(stalled!.state!.store.hash()).toBe(bench.leader.state!.store.hash())
  })
})

describe('a round of linearizable reads', () => {
  /** What is asked of Raft, and when, while it never answers. */
  function asked(version: string) {
    const simulation = new Simulation(new RandomStreams('reads', 0))
    const questions: (readonly [number, string])[] = []
    const outcomes: (readonly [number, string])[] = []
    const source = {
      readIndex: (context: string) => void questions.push([simulation.now, context]),
      applied: () => 0,
      runs: () => true,
    }
    const loop = new ReadLoop(simulation, source, 'm', 7_000, etcdVersion(version)!)
    const note = (error: string | undefined) => void outcomes.push([simulation.now, error ?? 'ok'])
    loop.add(note)
    simulation.run(ms(100))
    loop.add(note)
    return { simulation, loop, questions, outcomes }
  }

  it('asks every 500 ms and gives up after 7 s; who came during it waits for the next', () => {
    const { simulation, questions, outcomes } = asked('3.6')
    simulation.run(ms(6_999))
    expect(questions.map(([at]) => at)).toEqual(Array.from({ length: 14 }, (_, round) => 500 * round))
    simulation.run(ms(20_000))
    expect(outcomes).toEqual([
      [7_000, 'timeout'],
      [14_000, 'timeout'],
    ])
  })

  it.each([
    ['3.4.41', 1],
    ['3.4.42', 4],
    ['3.5.27', 1],
    ['3.5.28', 4],
    ['3.6.8', 1],
    ['3.6.9', 4],
  ])('%s names four questions of a round with %i names', (version, names) => {
    const { simulation, questions } = asked(version)
    simulation.run(ms(1_600))
    expect(new Set(questions.map(([, name]) => name)).size).toBe(names)
  })

  it('takes an answer to any question of the round, and none to an older one', () => {
    const { simulation, loop, questions, outcomes } = asked('3.6')
    simulation.run(ms(1_600))
    loop.confirmed('m/0', 0)
    expect(outcomes).toEqual([])
    loop.confirmed(questions[1]![1], 0)
    expect(outcomes).toEqual([[1_600, 'ok']])
    // The next round has begun at once; an answer to the last one is not for it.
    loop.confirmed(questions[2]![1], 0)
    expect(outcomes).toHaveLength(1)
  })
})
