import { describe, expect, it } from 'vitest'
import { exponential, fixed, weibullOfMean } from '../../src/engine/distribution.ts'
import * as say from '../../src/experiment/messages.ts'
import { readModel } from '../../src/experiment/parse.ts'
import type { PartModel } from '../../src/structure/model.ts'
import { assertOk, readFrom, shownProblems } from './files.ts'

const HOUR = 3_600_000
const read = (text: string, files = {}) => readModel('x.yaml', text, { readFile: readFrom(files) })
const problemsOf = (text: string): string[] => shownProblems(read(text))

function partsOf(text: string, files = {}): PartModel {
  const { model } = assertOk(read(text, files))
  if (model.kind !== 'parts') throw new Error('no part model')
  return model.parts
}

/** The model of the contract that says everything a part model can say. */
const EVERYTHING = `
name: everything-a-part-model-can-say
parts:
  rack:   { count: 2, every: exponential(10y), lasts: lognormal(median 1h, p95 6h) }
  server:
    count: 5
    every: weibull(mean 1000h, shape 0.7)
    lasts: lognormal(mean 8h, sigma 1)
    needs: rack
    ages: always
    on-loss: unreachable
  disk:   { count: 8, every: exponential(2000h), modes: [ { share: 50%, lasts: exponential(1h) }, { share: 50%, lasts: exponential(2h) } ] }
crews:
  team: { size: 1, serves: [server, disk], order: fcfs, pre-empts: false, reaches: exponential(6m) }
common-causes:
  batch:   { of: server, beta: 5%, kind: shock }
maintenance:
  reboot: { of: server, every: 720h, lasts: 10m, apart: 30m, guard: quorum }
roles:
  leader:  { among: server, while: quorum, hand-over: uniform(1s, 1.9s) }
  address: { among: disk, hand-over: fixed(3s), fails: 1% }
services:
  quorum: { at-least: 3, of: server }
  write:  { all: [ quorum, leader ] }
  either: { any: [ { at-least: 6, of: [server, disk] }, rack-1 ] }
`

describe('a part model', () => {
  it('says everything the contract says, total and resolved', () => {
    const parts = partsOf(EVERYTHING)
    expect(parts.groups.map(({ name, count }) => [name, count])).toEqual([
      ['rack', 2],
      ['server', 5],
      ['disk', 8],
    ])
    expect(parts.groups[1]).toMatchObject({ every: weibullOfMean(1000 * HOUR, 0.7), ages: 'always' })
    const racks = parts.groups[1]!.needs.map((needs) => (needs?.kind === 'part' ? needs.part : -1))
    expect(racks).toEqual([0, 1, 0, 1, 0])
    expect(parts.groups[2]!.modes).toEqual([
      { share: 0.5, lasts: exponential(HOUR) },
      { share: 0.5, lasts: exponential(2 * HOUR) },
    ])
    expect(parts.crews).toMatchObject([{ name: 'team', serves: [1, 2], order: 'fcfs', preEmpts: false }])
    expect(parts.commonCauses).toEqual([{ name: 'batch', group: 1, beta: 0.05, kind: 'shock' }])
    expect(parts.maintenance).toMatchObject([{ group: 1, guard: { kind: 'service', service: 0 } }])
    expect(parts.roles).toMatchObject([
      { name: 'leader', among: [2, 3, 4, 5, 6], while: { kind: 'service', service: 0 }, fails: 0 },
      { name: 'address', among: [7, 8, 9, 10, 11, 12, 13, 14], while: null, handOver: fixed(3000), fails: 0.01 },
    ])
    const of = [2, 3, 4, 5, 6].map((part) => ({ kind: 'part', part }))
    expect(parts.services[0]).toEqual({ name: 'quorum', condition: { kind: 'at-least', count: 3, of } })
    expect(parts.services[1]!.condition).toEqual({
      kind: 'all',
      of: [
        { kind: 'service', service: 0 },
        { kind: 'role', role: 0 },
      ],
    })
    expect(parts.services[2]!.condition).toMatchObject({ of: [{ count: 6 }, { kind: 'part', part: 0 }] })
  })

  it('calls the member of a group of one by its group', () => {
    const parts = partsOf('parts: { a: { every: 1d, lasts: 1h }, b: { needs: a } }\nservices: { s: b, t: a-1 }\n')
    expect(parts.services.map((service) => service.condition)).toEqual([
      { kind: 'part', part: 1 },
      { kind: 'part', part: 0 },
    ])
    expect(parts.groups[1]).toMatchObject({ every: null, modes: [], needs: [{ kind: 'part', part: 0 }] })
  })

  it('reads empirical durations from a file beside it', () => {
    const text = 'parts: { a: { every: 1d, lasts: empirical(r.csv) } }\n'
    const lasts = (csv: string) => partsOf(text, { 'r.csv': csv }).groups[0]!.modes[0]!.lasts
    expect(lasts('1m\n2m\n')).toEqual({ kind: 'empirical', values: [60_000, 120_000] })
    expect(lasts('trial,outage_ms\n1,20\n2,30.5\n')).toEqual({ kind: 'empirical', values: [20, 30.5] })
    expect(lasts('hours\n0.5\n')).toEqual({ kind: 'empirical', values: [1_800_000] })
    const refused = read(text, { 'r.csv': '20\n30\n' })
    expect(shownProblems(refused)).toEqual([`x.yaml:1:33: parts.a.lasts: ${say.csvNoUnit('r.csv', 1, '20')}`])
  })
})

describe('what makes no sense', () => {
  const parts = 'parts: { a: { count: 3, every: 1d, lasts: 1h } }\n'

  it.each([
    [`${parts}services: { q: { at-least: 4, of: a } }\n`, `x.yaml:2:28: services.q.at-least: ${say.tooManyOf(4, 3)}`],
    [`${parts}services: { q: a }\n`, `x.yaml:2:16: services.q: ${say.ambiguousGroup('a', 3)}`],
    [
      `${parts}services: { q: { all: [a, b] } }\n`,
      `x.yaml:2:27: services.q.all[1]: ${say.notNamed('part, role or service', 'b', 'a', ['a', 'q'])}`,
    ],
    [`${parts}services: { a-1: { any: a } }\n`, `x.yaml:2:18: services.a-1: ${say.nameTaken('a-1', 'a part')}`],
    [`${parts}services: { q: r, r: q }\n`, `x.yaml:2:16: services.q: ${say.cycle(['q', 'r', 'q'])}`],
    [
      `${parts}roles: { l: { among: a, while: s, hand-over: 1s } }\nservices: { s: { all: [l, a-1] } }\n`,
      `x.yaml:2:13: roles.l: ${say.cycle(['l', 's', 'l'])}`,
    ],
    [
      'parts: { a: { count: 2, every: 1d, lasts: 1h, needs: b }, b: { every: 1d, lasts: 1h, needs: a-2 } }\n',
      `x.yaml:1:54: parts.a.needs: ${say.cycle(['a-2', 'b', 'a-2'])}`,
    ],
    ['parts: { a: { every: 1d } }\n', `x.yaml:1:13: parts.a: ${say.lastsOrModes()}`],
    ['parts: { a: { lasts: 1d } }\n', `x.yaml:1:13: parts.a: ${say.neverFails()}`],
    ['parts: { a: { every: 0s, lasts: 1d } }\n', `x.yaml:1:22: parts.a.every: ${say.everyZero('0s')}`],
    [
      'parts: { a: { every: 1d, modes: [{ share: 50%, lasts: 1h }] } }\n',
      `x.yaml:1:33: parts.a.modes: ${say.modesSum(0.5)}`,
    ],
    [
      'parts: { a: { needs: b, on-loss: crash }, b: { every: 1d, lasts: 1h } }\n',
      `x.yaml:1:13: parts.a: ${say.crashNeedsRepair()}`,
    ],
    [
      `${parts}crews: { c: { serves: all }, d: { serves: a } }\n`,
      `x.yaml:2:43: crews.d.serves: ${say.secondCrew('a', 'c')}`,
    ],
    [
      `${parts}maintenance: { m: { of: a, every: 1h, lasts: 2h } }\n`,
      `x.yaml:2:46: maintenance.m.lasts: ${say.windowsOverlap()}`,
    ],
    [
      'parts: { a: {} }\ncommon-causes: { c: { of: a, beta: 5% } }\n',
      `x.yaml:2:27: common-causes.c.of: ${say.causeWithoutEvery('a')}`,
    ],
    ['parts: { all: {} }\n', `x.yaml:1:15: parts.all: ${say.reservedName('all')}`],
    ['parts: { 1st: {} }\n', `x.yaml:1:10: parts.1st: ${say.badName('1st')}`],
  ])('%s', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem])
  })

  it('lets parts that stand still together need each other', () => {
    const pair = (ages: string) =>
      `parts: { a: { every: 1d, lasts: 1h, needs: b, ages: ${ages} }, b: { every: 1d, lasts: 1h, needs: a, ages: while-up } }\nservices: { s: { all: [a, b] } }\n`
    expect(problemsOf(pair('while-up'))).toEqual([])
    expect(problemsOf(pair('always'))).toEqual([`x.yaml:1:44: parts.a.needs: ${say.cycle(['a', 'b', 'a'])}`])
  })
})
