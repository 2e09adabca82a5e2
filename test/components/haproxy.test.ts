import { describe, expect, it } from 'vitest'
import type { HealthAnswer } from '../../src/protocol/http-health.ts'
import { kolmogorovSmirnov } from '../../src/stats/two-sample.ts'
import { hasOracles, oracle } from '../structure/oracles.ts'
import { hasMeasurements, mean, measured, play, transition } from '../validation/plans.ts'
import { runCheck, settings, trials } from './check-bed.ts'

const A = settings({ inter: 1_000 })
const B = settings({ inter: 2_000, fastinter: 500 })

/** Bounds exactly, the mean of a uniform within one in a hundred of the whole. */
function expectUniform(values: readonly number[], from: number, to: number): void {
  expect(Math.min(...values)).toBeGreaterThanOrEqual(from)
  expect(Math.max(...values)).toBeLessThanOrEqual(to)
  expect(Math.min(...values)).toBeLessThan(from + (to - from) * 0.02)
  expect(Math.max(...values)).toBeGreaterThan(to - (to - from) * 0.02)
  expect(Math.abs(mean(values) / ((from + to) / 2) - 1)).toBeLessThan(0.01)
}

const d = settings({})

describe('a health check', () => {
  it.each([
    // DOWN: U(0, inter) + f + (fall - 1)(fastinter + f); UP: U(0, downinter) + (rise - 1) fastinter, after the rest of a check that hangs.
    ['refused, defaults', d, 'refused', [4_000, 6_000], [2_000, 4_000]],
    ['503, fastinter 1 s', settings({ fastinter: 1_000 }), 'error', [2_000, 4_000], [1_000, 3_000]],
    ['unreachable, defaults', d, 'unreachable', [10_000, 12_000], [2_000, 6_000]],
    ['unreachable, fastinter 1 s', settings({ fastinter: 1_000 }), 'unreachable', [8_000, 10_000], [1_000, 5_000]],
    [
      'unreachable, timeout connect 500 ms',
      settings({ timeoutConnect: 500 }),
      'unreachable',
      [5_500, 7_500],
      [2_000, 4_500],
    ],
    ['refused, downinter 10 s', settings({ downinter: 10_000 }), 'refused', [4_000, 6_000], [2_000, 12_000]],
    ['hangs, defaults', d, 'hangs', [10_000, 12_000], null],
    ['hangs, timeout check 10 s', settings({ timeoutCheck: 10_000 }), 'hangs', [34_000, 36_000], null],
    ['refused, fall 1 rise 1', settings({ fall: 1, rise: 1 }), 'refused', [0, 2_000], [0, 2_000]],
    [
      'refused, fall 5 rise 4 fastinter 100 ms',
      settings({ fall: 5, rise: 4, fastinter: 100 }),
      'refused',
      [400, 2_400],
      [300, 2_300],
    ],
  ] as const)('%s: takes as long as the formulas say', (_, check, failure, down, up) => {
    const times = trials(check, failure as HealthAnswer, 4_000)
    expectUniform(times.down, down[0], down[1])
    if (up !== null && failure !== 'unreachable') expectUniform(times.up, up[0], up[1])
    if (up !== null) expect(Math.max(...times.up)).toBeLessThanOrEqual(up[1])
    if (up !== null) expect(Math.min(...times.up)).toBeGreaterThanOrEqual(up[0])
  })
})

describe('a check', () => {
  it('that hangs is answered when the process goes on', () => {
    const { up } = trials(d, 'hangs', 4_000)
    // Half of the time a check hangs (2 s of 4 s): answered at once, then one fastinter; else the next one starts within 2 s.
    expect(Math.min(...up)).toBe(2_000)
    expect(Math.max(...up)).toBeLessThanOrEqual(4_000)
    expect(Math.abs(up.filter((each) => each === 2_000).length / up.length - 0.5)).toBeLessThan(0.03)
  })

  it('by TCP never sees a hang or an error', () => {
    for (const failure of ['hangs', 'error'] as const) {
      expect(trials(settings({ kind: 'tcp' }), failure, 50).down).toEqual([])
    }
    expect(trials(settings({ kind: 'tcp' }), 'refused', 50).down).toHaveLength(50)
  })

  it('counts failures and successes strictly in a row', () => {
    const check = settings({ inter: 1_000 })
    const down = (script: readonly (readonly [number, HealthAnswer])[]) =>
      runCheck({ settings: check, script, phase: 0, until: 60_000 }).marks
    // Checks at 10, 11 and 12 s: two failures and a success are forgotten.
    expect(
      down([
        [9_500, 'error'],
        [11_500, 'ok'],
        [12_500, 'error'],
        [14_500, 'ok'],
      ]),
    ).toEqual([])
    expect(
      down([
        [9_500, 'error'],
        [12_500, 'ok'],
      ]),
    ).toEqual([
      { at: 12_000, up: false },
      { at: 14_000, up: true },
    ])
    // While rising one failure sets it back to nothing.
    expect(
      down([
        [9_500, 'error'],
        [12_500, 'ok'],
        [13_500, 'error'],
        [14_500, 'ok'],
      ]),
    ).toEqual([
      { at: 12_000, up: false },
      { at: 16_000, up: true },
    ])
  })

  it('of a new balancer marks a server DOWN by the first failure', () => {
    const fresh = { settings: settings({}), phase: 700, fresh: true, until: 60_000 }
    expect(runCheck({ ...fresh, script: [[100, 'refused']] }).marks).toEqual([{ at: 700, up: false }])
    // After one success it takes three.
    expect(runCheck({ ...fresh, script: [[1_000, 'refused']] }).marks).toEqual([{ at: 6_700, up: false }])
  })

  it('gives the same marks whether it sleeps or not', () => {
    const answers: readonly HealthAnswer[] = ['ok', 'error', 'refused', 'hangs', 'unreachable', 'ok', 'ok']
    let seed = 1
    const next = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed / 2 ** 32
    }
    for (let trial = 0; trial < 300; trial++) {
      let at = 5_000
      const script = Array.from({ length: 12 }, () => {
        at += next() ** 3 * 40_000
        return [Math.round(at), answers[Math.floor(next() * answers.length)]!] as const
      })
      const check = settings({ fastinter: 700, downinter: 3_100, timeoutCheck: next() < 0.5 ? 1_300 : null })
      const bed = { settings: check, script, phase: next() * 2_000, until: 400_000 }
      const sleeping = runCheck({ ...bed, skip: true })
      const awake = runCheck({ ...bed, skip: false })
      expect(sleeping.marks).toEqual(awake.marks)
      expect(sleeping.events).toBeLessThan(awake.events)
    }
  })
})

describe.skipIf(!hasOracles)('detection, against closed forms', () => {
  it.each([
    ['F13-a-refused', settings({}), 'refused'],
    ['F13-a-timeout', settings({ timeoutCheck: 1_000 }), 'hangs'],
  ] as const)('%s', (name, check, failure) => {
    const { down } = trials(check, failure, 4_000)
    const seconds = (key: string) => oracle(name, key)! * 1_000
    expectUniform(down, seconds('detect_min_s'), seconds('detect_max_s'))
    expect(Math.abs(mean(down) / seconds('detect_mean_s') - 1)).toBeLessThan(0.01)
  })
})

describe.skipIf(!hasMeasurements)('HAProxy 2.6, against measurements', () => {
  it.each([
    ['haproxy-crash-no-redispatch-A', A, 'refused'],
    ['haproxy-crash-redispatch-A', A, 'refused'],
    ['haproxy-crash-no-redispatch-B', B, 'refused'],
    ['haproxy-crash-redispatch-B', B, 'refused'],
    ['haproxy-hang-default-check-timeout-A', A, 'hangs'],
    ['haproxy-hang-default-check-timeout-B', B, 'hangs'],
    [
      'haproxy-hang-timeout-check-250ms-A',
      settings({ inter: 1_000, timeoutCheck: 250, timeoutConnect: 5_000 }),
      'hangs',
    ],
  ] as const)('%s', (series, check, failure) => {
    const { down, up } = trials(check, failure, 2_000)
    expect(kolmogorovSmirnov(down, measured(series, 't_detect_ms')).p, 'time to DOWN').toBeGreaterThan(0.01)
    const realUp = measured(series, 't_up_ms')
    if (failure === 'refused') expect(kolmogorovSmirnov(up, realUp).p, 'time to UP').toBeGreaterThan(0.01)
    else {
      // The process went on about a second after its mark, not at any phase: only the bounds can be compared.
      expect(Math.min(...realUp)).toBeGreaterThanOrEqual(Math.min(...up))
      expect(Math.max(...realUp)).toBeLessThanOrEqual(Math.max(...up))
    }
  })
})

describe('a balancer in a cluster', () => {
  const model = (check: string): string => `
nodes: { server: { count: 3 }, member: { count: 3 }, balancer: { count: 1 } }
etcd: { on: member, version: "3.5", writes: 0/s }
api-server: { on: server, etcd: all, start: fixed(3s) }
load-balancer: { on: balancer, kind: haproxy, check: { ${check} } }
network: { within-zone: fixed(0.1ms), between-zones: fixed(0.1ms) }`

  it.each([
    ['inter: 1s', 'crash', 'api-server server-1', 2_000, 3_000, 1_000, 2_000],
    ['inter: 2s, fastinter: 500ms', 'crash', 'api-server server-1', 1_000, 3_000, 500, 2_500],
    ['inter: 2s, fastinter: 500ms', 'pause', 'api-server server-1', 7_000, 9_000, 500, 2_500],
    ['inter: 2s', 'crash', 'server-1', 10_000, 12_000, 2_000, 4_000],
    ['inter: 2s, fastinter: 500ms, downinter: 8s', 'stop', 'api-server server-1', 1_000, 3_000, 500, 8_500],
  ])('%s: %s %s', (check, action, target, from, to, upFrom, upTo) => {
    const samples = play({
      model: model(check),
      actions: [`{ at: 1m, do: ${action}, on: ${target}, for: 40s }`],
      replications: 600,
      horizon: '3m',
      services: '[write]',
    })
    const slack = 1
    const down = transition(samples, 'lb.markedDown')
    expect(down).toHaveLength(600)
    expect(Math.min(...down)).toBeGreaterThanOrEqual(from)
    expect(Math.max(...down)).toBeLessThanOrEqual(to + slack)
    expect(Math.abs(mean(down) / ((from + to) / 2) - 1)).toBeLessThan(0.03)
    const up = transition(samples, 'lb.markedUp')
    expect(up).toHaveLength(600)
    expect(Math.min(...up)).toBeGreaterThanOrEqual(upFrom)
    expect(Math.max(...up)).toBeLessThanOrEqual(upTo + slack)
  })
})
