import { describe, expect, it } from 'vitest'
import * as sayDocument from '../../src/document/messages.ts'
import * as say from '../../src/experiment/messages.ts'
import { type ReadOptions, readExperiment } from '../../src/experiment/parse.ts'
import { assertOk, readFrom, shownProblems } from './files.ts'

const options: ReadOptions = { readFile: readFrom() }
const CLUSTER = 'models/clusters/stacked-3.yaml'

function problemsOf(text: string, more: Partial<ReadOptions> = {}): string[] {
  return shownProblems(readExperiment('x.yaml', text, { ...options, ...more }))
}

describe('readExperiment', () => {
  it('reads three or five', () => {
    const text = [
      'question: Are five control-plane nodes worth it over three?',
      `model: ${CLUSTER}`,
      'variants:',
      '  three: {}',
      '  five: { nodes.control-plane.count: 5 }',
      'services: [write, read, etcd]',
      'run: { precision: 20%, max-years: 20000 }',
      'slo: { write: 99.95% }',
    ].join('\n')
    const config = assertOk(readExperiment('experiments/3v5.yaml', text.replace('models', '../models'), options))
    expect(config).toMatchObject({ name: '3v5', seed: '3v5', run: { precision: 0.2, maxYears: 20_000, random: true } })
    expect(config.services).toEqual([
      { name: 'write', deadline: 1000, slo: 0.9995 },
      { name: 'read', deadline: 1000, slo: null },
      { name: 'etcd', deadline: 1000, slo: null },
    ])
    const sizes = config.variants.map(({ id, model, costPerMonth }) => [
      id,
      model.kind === 'cluster' ? model.cluster.etcd.nodes.length : 0,
      costPerMonth,
    ])
    expect(sizes).toEqual([
      ['three', 3, 710],
      ['five', 5, 1130],
    ])
  })

  it('takes a seed as it was typed', () => {
    const seedOf = (seed: string) =>
      assertOk(readExperiment('x.yaml', `model: ${CLUSTER}\nrun: { seed: ${seed} }\n`, options)).seed
    expect(seedOf('007')).toBe('007')
    expect(seedOf('1e3')).toBe('1e3')
    expect(seedOf('"a b"')).toBe('a b')
    expect(seedOf('true')).toBe('true')
  })

  it('stops at 20 % or 20 000 years where nothing is said, and only there', () => {
    const runOf = (run: string) => assertOk(readExperiment('x.yaml', `model: ${CLUSTER}\nrun: ${run}\n`, options)).run
    expect(runOf('{}')).toMatchObject({ precision: 0.2, replications: null, maxYears: 20_000 })
    expect(runOf('{ replications: 7 }')).toMatchObject({ precision: null, replications: 7, maxYears: null })
    expect(runOf('{ precision: 5% }')).toMatchObject({ precision: 0.05, replications: null, maxYears: 20_000 })
  })

  it('lets the command line go before the file', () => {
    const overrides = { seed: '9', precision: '5%', maxYears: '30', replications: 4, skip: false }
    const config = assertOk(
      readExperiment('x.yaml', `model: ${CLUSTER}\nrun: { seed: 1 }\n`, { ...options, overrides }),
    )
    expect(config).toMatchObject({ seed: '9', run: { precision: 0.05, maxYears: 30, replications: 4, skip: false } })
    const wrong = { solver: 'exakt', precision: '0', maxYears: 'many', replications: 1.5 }
    expect(problemsOf(`model: ${CLUSTER}\n`, { overrides: wrong })).toEqual([
      `--solver: ${say.notNamed('solver', 'exakt', 'exact', ['auto', 'simulate', 'exact', 'rare'])}`,
      `--precision: ${say.tooSmall('0', '0%', true)}`,
      `--replications: ${say.wrongType(1.5, 'a whole number above zero')}`,
      `--max-years: ${say.wrongType('many', 'a number above zero')}`,
    ])
  })
})

describe('services', () => {
  it('reads services with deadlines in both forms', () => {
    const servicesOf = (services: string) =>
      assertOk(readExperiment('x.yaml', `model: ${CLUSTER}\nservices: ${services}\n`, options)).services
    const wanted = [
      { name: 'write', deadline: 2000, slo: null },
      { name: 'etcd', deadline: 1000, slo: null },
    ]
    expect(servicesOf('[write: { deadline: 2s }, etcd]')).toEqual(wanted)
    expect(servicesOf('{ write: { deadline: 2s }, etcd: }')).toEqual(wanted)
  })
})

describe('other doors', () => {
  it('takes a model file as an experiment with one variant', () => {
    const text =
      'name: pair\nparts: { a: { count: 2, every: 90d, lasts: 1h } }\nservices: { up: { any: a } }\nrun: { at: [1h] }\n'
    const config = assertOk(readExperiment('models/p.yaml', text, options))
    expect(config).toMatchObject({ name: 'pair', services: [{ name: 'up' }], run: { at: [3_600_000] } })
    expect(config.variants).toMatchObject([{ id: 'base', model: { kind: 'parts' } }])
  })

  it('plays a fault plan instead of chance', () => {
    const plan = 'plan: p\nactions:\n  - { at: 10s, do: crash, on: etcd-leader, for: 20s }\n'
    const files = { 'plans/p.yaml': plan }
    const text = `model: ${CLUSTER}\nrun: { faults: plans/p.yaml }\n`
    const { run } = assertOk(readExperiment('x.yaml', text, { readFile: readFrom(files) }))
    expect(run.random).toBe(false)
    expect(run.faults).toEqual({
      name: 'p',
      actions: [
        { at: 10_000, do: 'crash', on: ['etcd-leader'], for: 20_000, from: [], oneWay: false, by: null, share: null },
      ],
    })
  })
})

describe('problems', () => {
  it('tells all of them at once, each with its place', () => {
    const text = [
      'model:',
      '  zones: [a, b, c]',
      '  nodes: { control-plane: { count: 0, zones: [a, d] } }',
      '  etcd: { on: controlplane, electon-timeout: 1s, heartbeat-interval: 100 }',
      '  failures: { node: { every: -5d, lasts: 1h } }',
      'services: [wrte]',
      'varants: {}',
      'run: { horizon: 20 minutes }',
    ].join('\n')
    expect(problemsOf(text)).toEqual([
      `x.yaml:3:36: model.nodes.control-plane.count: ${say.tooSmall(0, 1)}`,
      `x.yaml:3:50: model.nodes.control-plane.zones[1]: ${say.notNamed('zone', 'd', 'a', ['a', 'b', 'c'])}`,
      `x.yaml:4:15: model.etcd.on: ${say.notNamed('node group', 'controlplane', 'control-plane', ['control-plane'])}`,
      `x.yaml:4:29: model.etcd.electon-timeout: ${say.unknownKey('election-timeout', [])}`,
      `x.yaml:4:70: model.etcd.heartbeat-interval: ${sayDocument.noUnit(100)}`,
      `x.yaml:5:30: model.failures.node.every: ${sayDocument.negative('-5d')}`,
      `x.yaml:6:12: services[0]: ${say.notNamed('service', 'wrte', null, ['etcd'])}`,
      `x.yaml:7:1: varants: ${say.unknownKey('variants', [])}`,
      `x.yaml:8:17: run.horizon: ${sayDocument.unknownUnit('minutes', '20 minutes')}`,
    ])
  })
})

describe('problems with what is named', () => {
  it('names a missing model, profile or plan where it is asked for', () => {
    expect(problemsOf('model: none.yaml\n')).toEqual([
      `x.yaml:1:8: model: ${say.cannotRead('none.yaml', 'no such file')}`,
    ])
    expect(problemsOf('services: [write]\n')).toEqual([`x.yaml:1:1: model: ${say.missing()}`])
    expect(problemsOf('model: { name: x }\n')).toEqual([`x.yaml:1:8: model: ${say.notAModel()}`])
    const text =
      'model:\n  nodes: { m: { count: 3 } }\n  etcd: { on: m }\n  failures: cloud-wm\nrun: { faults: p.yaml }\n'
    expect(problemsOf(text)).toEqual([
      `x.yaml:4:13: model.failures: ${say.notNamed('failure profile', 'cloud-wm', 'cloud-vm', ['cloud-vm', 'on-prem', 'homelab', 'none', 'a file'])}`,
      `x.yaml:5:16: run.faults: ${say.cannotRead('p.yaml', 'no such file')}`,
    ])
  })

  it('shows the place inside the file a value comes from', () => {
    const files = {
      'models/m.yaml': 'name: m\nnodes: { m: { count: 3 } }\netcd: { on: n }\nfailures: ../f.yaml\n',
      'f.yaml': 'node: { every: 1d }\n',
    }
    const read = readExperiment('experiments/x.yaml', 'model: ../models/m.yaml\n', { readFile: readFrom(files) })
    expect(shownProblems(read)).toEqual([
      `f.yaml:1:7: node: ${say.lastsOrModes()}`,
      `models/m.yaml:3:13: etcd.on: ${say.notNamed('node group', 'n', 'm', ['m'])}`,
    ])
  })
})

describe('problems with what makes no sense', () => {
  it('refuses services that are not built yet, with what is there', () => {
    expect(problemsOf(`model: ${CLUSTER}\nservices: [cached-read]\n`)).toEqual([
      `x.yaml:2:12: services[0]: ${say.notBuilt('service', 'cached-read', ['write', 'read', 'etcd'])}`,
    ])
  })

  it('refuses targets outside (0, 1) and of services that are not measured', () => {
    expect(problemsOf(`model: ${CLUSTER}\nservices: [write]\nslo: { write: 100%, read: 99% }\n`)).toEqual([
      `x.yaml:3:15: slo.write: ${say.sloOutOfRange('100%')}`,
      `x.yaml:3:27: slo.read: ${say.notAmongServices('read', ['write'])}`,
    ])
  })

  it('refuses a run in which nothing could ever fail', () => {
    const text = 'model:\n  nodes: { m: { count: 3 } }\n  etcd: { on: m }\n'
    expect(problemsOf(text)).toEqual([`x.yaml:2:3: model: ${say.nothingFails()}`])
    expect(problemsOf(`${text}  failures: none\n`)).toEqual([])
  })

  it('checks fault plans against the model', () => {
    const plan = (action: string) =>
      `model: ${CLUSTER}\nrun:\n  faults:\n    plan: p\n    actions:\n      - ${action}\n`
    const at = 'x.yaml:6:9: run.faults.actions[0]'
    expect(problemsOf(plan('{ at: 1s, do: lose, on: zone a }'))).toEqual([`${at}: ${say.actionNeeds('lose', 'share')}`])
    expect(problemsOf(plan('{ at: 1s, do: crash, on: what is this }'))).toEqual([
      `x.yaml:6:34: run.faults.actions[0].on: ${say.badTarget('what is this')}`,
    ])
    expect(problemsOf(plan('{ at: 1s, do: cut, on: [zone a], from: [zone d] }'))).toEqual([
      `x.yaml:6:49: run.faults.actions[0].from[0]: ${say.notNamed('zone', 'd', 'a', ['a', 'b', 'c'])}`,
    ])
    expect(problemsOf(plan('{ at: 1s, do: crash, on: etcd balancer-1, by: 1s }'))).toEqual([
      `x.yaml:6:34: run.faults.actions[0].on: ${say.notNamed('machine with etcd', 'balancer-1', null, ['control-plane-1', 'control-plane-2', 'control-plane-3'])}`,
      `x.yaml:6:55: run.faults.actions[0].by: ${say.actionHasNo('crash', 'by')}`,
    ])
  })
})
