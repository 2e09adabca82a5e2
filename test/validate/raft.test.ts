import { describe, expect, it } from 'vitest'
import { fixed } from '../../src/engine/distribution.ts'
import { type ElectionSetting, playElection, playElections } from '../../src/validate/election-lab.ts'
import { WAN_CURVES } from '../../src/validate/expected.ts'
import { distanceTo, lanSetting, tickSetting, wanSetting } from '../../src/validate/raft-curves.ts'
import { raftCases } from '../../src/validate/raft-table.ts'
import { splitVoteOdds } from '../../src/validate/split-votes.ts'

describe('the table of Raft elections, in its fast form', () => {
  const cases = [...raftCases({ seed: 'raft', fast: true })]

  it('agrees with what is known, case by case', () => {
    expect(cases.filter(({ verdict }) => verdict === 'differs')).toEqual([])
  })

  it('judges the wide area, six local ranges, and all split votes', () => {
    const judgedOf = (start: string) =>
      cases.filter(({ case: name, verdict }) => name.startsWith(start) && verdict === 'agrees').length
    expect(judgedOf('wide area, ')).toBe(4)
    expect(judgedOf('local network, ')).toBe(6 + 4)
    expect(judgedOf('split vote, ')).toBe(9 + 28)
    expect(judgedOf("etcd's timers, ")).toBe(8)
    expect(cases.filter(({ verdict }) => verdict === 'not judged')).toHaveLength(3)
  })
})

describe('the comparison sees what is wrong', () => {
  const distance = (setting: ElectionSetting, failed: number) =>
    distanceTo(
      playElections(setting, 'wrong', 3000)
        .map(({ electedMs }) => electedMs)
        .sort((a, b) => a - b),
      WAN_CURVES[failed]!,
    )

  it('such as another number of failed servers', () => {
    expect(distance(wanSetting(2), 1)).toBeGreaterThan(0.1)
    expect(distance(wanSetting(0), 1)).toBeGreaterThan(0.05)
  })

  it('such as messages that take 5 ms longer', () => {
    expect(distance({ ...wanSetting(1), latency: fixed(40) }, 1)).toBeGreaterThan(0.05)
  })
})

describe('an election in the laboratory', () => {
  it('is the same again from the same seed, and another from another', () => {
    const setting = lanSetting(150, 300)
    expect(playElection(setting, 'a', 7)).toEqual(playElection(setting, 'a', 7))
    expect(playElection(setting, 'a', 7)).not.toEqual(playElection(setting, 'a', 8))
  })

  it('takes the first timeout, two ways and the writes', () => {
    const setting: ElectionSetting = {
      ...tickSetting(3, false, false, 'heartbeat'),
      timers: { kind: 'continuous', timeout: fixed(100) },
      members: 1,
      alive: 1,
    }
    // Alone: its own vote, once durable.
    expect(playElection(setting, 'alone', 0)).toEqual({ detectedMs: 100, electedMs: 101, terms: 1 })
  })

  it('asks before it raises its term with pre-vote, which costs a round trip', () => {
    const played = (preVote: boolean) =>
      playElections(tickSetting(3, false, preVote, 'heartbeat'), 'pre-vote', 200).filter(({ terms }) => terms === 1)
    for (const { detectedMs, electedMs } of played(false)) expect(electedMs - detectedMs).toBe(4)
    for (const { detectedMs, electedMs } of played(true)) expect(electedMs - detectedMs).toBe(6)
  })

  it('lets nobody vote within a lease', () => {
    const shareBefore = (lease: boolean) =>
      playElections(tickSetting(3, lease, lease, 'heartbeat'), 'lease', 2000).filter((e) => e.electedMs < 960).length /
      2000
    // The other survivor has to have counted ten ticks itself: 900 to 1000 ms after the leader's last word.
    expect(shareBefore(false)).toBeGreaterThan(0.09)
    expect(shareBefore(true)).toBeLessThan(0.06)
  })
})

describe('the odds of a split vote', () => {
  it('are none without latency, and never more than one', () => {
    expect(splitVoteOdds(5, 4, 0)).toBe(0)
    expect(splitVoteOdds(5, 3, 1)).toBe(1)
  })

  it('of two survivors of three: both within one latency', () => {
    expect(splitVoteOdds(3, 2, 0.2)).toBeCloseTo(1 - 0.8 ** 2, 12)
  })
})
