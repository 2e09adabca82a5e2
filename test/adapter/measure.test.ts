import { describe, expect, it } from 'vitest'
import { readEtcdLog } from '../../src/adapter/local/etcd-log.ts'
import { readServers } from '../../src/adapter/local/servers-watch.ts'
import { measure } from '../../src/adapter/measure.ts'
import { type Probe, shifted, type Timeline } from '../../src/adapter/timeline.ts'
import { shippedCluster } from './shipped.ts'

const EMPTY: Timeline = { probes: [], members: [], servers: [], log: [], holders: [], objects: [] }

const cluster = shippedCluster('local-3')
const NAMES = ['control-plane-1', 'control-plane-2', 'control-plane-3']

/** Requests every `period` ms from −1 s to `end`; those for which `fails` holds time out after a second. */
function requests(series: string, period: number, end: number, fails: (at: number) => boolean, offset = 0): Probe[] {
  const probes: Probe[] = []
  for (let at = -1_000 + offset; at < end; at += period) {
    probes.push({ series, at, outcome: fails(at) ? 'unknown' : 'ok', latency: fails(at) ? 1_000 : 3 })
  }
  return probes
}

const members = (end: number, fails: (machine: number, at: number) => boolean): Probe[] =>
  NAMES.flatMap((name, machine) => requests(`etcd/${name}`, 30, end, (at) => fails(machine, at), machine * 10))

const leads = (machine: number, term: number) => ({ at: -50, machine, leader: 0, term, healthy: true })

describe('what a timeline shows', () => {
  it('of a leader that is killed: detected, elected, recovered, since the fault, and the outage', () => {
    const timeline: Timeline = {
      ...EMPTY,
      members: [leads(0, 2), leads(1, 2)],
      log: [
        { at: 1_100, machine: 1, kind: 'campaign', term: 2 },
        { at: 1_105, machine: 1, kind: 'elected', term: 3 },
        { at: 5_400, machine: 1, kind: 'campaign', term: 3 },
        { at: 5_410, machine: 1, kind: 'elected', term: 4 },
      ],
      probes: members(8_000, (machine, at) => (machine === 0 && at >= 0 && at < 5_000) || (at >= 0 && at < 1_110)),
    }
    const { transitions, outages } = measure(timeline, [{ at: 0, undoneAt: 5_000 }], cluster)
    expect(transitions['etcd.detected']).toEqual([1_100])
    expect(transitions['etcd.elected']).toEqual([1_105])
    expect(transitions['etcd.terms']).toEqual([1])
    // The first request that succeeds is sent at the turn after 1110 ms and takes 3 ms.
    expect(transitions['etcd.recovered']![0]).toBeGreaterThanOrEqual(1_110)
    expect(transitions['etcd.recovered']![0]).toBeLessThanOrEqual(1_143)
    // What follows the undoing is told from it.
    expect(transitions['etcd.elected.afterReturn']).toEqual([410])
    expect(outages['etcd']).toHaveLength(1)
    expect(Math.abs(outages['etcd']![0]!.fromMs)).toBeLessThanOrEqual(20)
    expect(Math.abs(outages['etcd']![0]!.toMs! - 1_110)).toBeLessThanOrEqual(30)
  })

  it('of several faults: each its own values', () => {
    const log = [1_000, 11_200].map((at, k) => ({ at, machine: 1, kind: 'elected' as const, term: 3 + k }))
    const { transitions } = measure(
      { ...EMPTY, log, probes: members(15_000, () => false) },
      [
        { at: 0, undoneAt: 5_000 },
        { at: 10_000, undoneAt: 12_000 },
      ],
      cluster,
    )
    expect(transitions['etcd.elected']).toEqual([1_000, 1_200])
  })

  it('of a crowd behind a balancer: an outage where fewer than half succeed, none where a third fails', () => {
    let turn = 0
    const third = requests('write', 20, 6_000, () => turn++ % 3 === 0)
    const half = requests('read', 20, 6_000, (at) => at >= 2_000 && at < 3_000)
    const { outages } = measure({ ...EMPTY, probes: [...third, ...half] }, [{ at: 0, undoneAt: null }], cluster)
    expect(outages['write']).toEqual([])
    expect(outages['read']).toEqual([{ fromMs: 2_000, toMs: 3_000 }])
  })

  it('of marks: down since the fault, up since the server answers again', () => {
    const series = `ready/${NAMES[1]}`
    const probes = requests(series, 100, 20_000, (at) => at >= 0 && at < 10_000).map((probe) => ({
      ...probe,
      latency: 3,
    }))
    const servers = [
      { at: -900, balancer: 3, up: [true, true, true] },
      { at: 2_500, balancer: 3, up: [true, false, true] },
      { at: 11_500, balancer: 3, up: [true, true, true] },
    ]
    const others = NAMES.filter((name) => name !== NAMES[1]).flatMap((name) =>
      requests(`ready/${name}`, 100, 20_000, () => false),
    )
    const { transitions } = measure(
      { ...EMPTY, probes: [...probes, ...others], servers },
      [{ at: 0, undoneAt: 10_000 }],
      cluster,
    )
    expect(transitions['lb.markedDown']).toEqual([2_500])
    expect(transitions['lb.markedUp']![0]).toBeCloseTo(11_500 - 10_003, 0)
    expect(transitions['api.ready']![0]).toBeCloseTo(10_003, 0)
  })

  it('is told from the fault on, with what stood before', () => {
    const looks = [10, 20, 30].map((at) => ({ at, machine: 1 }))
    expect(shifted({ ...EMPTY, holders: looks }, 20, 25).holders.map(({ at }) => at)).toEqual([-5, 5])
  })
})

describe("what products' own words say", () => {
  it('etcd: candidates and leaders, in its structured log', () => {
    const line = (ts: string, msg: string) => `{"level":"info","ts":"${ts}","caller":"raft/raft.go:1","msg":"${msg}"}`
    const log = [
      line('1970-01-01T00:00:01.250Z', '773fb6d164325d3a is starting a new election at term 7'),
      line('1970-01-01T00:00:01.260Z', '773fb6d164325d3a became candidate at term 8'),
      line('1970-01-01T00:00:01.270Z', '773fb6d164325d3a became leader at term 8'),
    ].join('\n')
    expect(readEtcdLog(log, 2, 100)).toEqual([
      { at: 1_350, machine: 2, kind: 'campaign', term: 7 },
      { at: 1_370, machine: 2, kind: 'elected', term: 8 },
    ])
  })

  it('HAProxy: a server that is on its way down is up, one on its way up is down', () => {
    const stat =
      '# pxname,svname,x,status\nb,one,,UP\nb,two,,UP 1/3\nb,three,,DOWN 1/2\nb,four,,no check\nb,BACKEND,,UP\n'
    expect(readServers(stat, ['one', 'two', 'three', 'four', 'five'])).toEqual([true, true, false, true, false])
  })
})
