import { HOUR } from '../base/units.ts'
import type { Distribution } from '../engine/distribution.ts'
import type { Condition, PartModel } from '../structure/model.ts'
import {
  all,
  any,
  atLeast,
  crew,
  exp,
  group,
  lognormal,
  model,
  part,
  range,
  role,
  roleHeld,
  service,
  weibull,
} from './part-words.ts'

const quorumOf = (count: number): Condition => atLeast(Math.floor(count / 2) + 1, range(0, count))
const quorum = (count: number) => ({ name: 'quorum', condition: quorumOf(count) })

export function majority(
  count: number,
  every: Distribution,
  lasts: Distribution,
  more: Partial<PartModel> = {},
): PartModel {
  return model({ groups: [group('server', count, every, lasts)], services: [quorum(count)], ...more })
}

/** Servers laid over zones in turn: two zones give the first one more. */
function zones(zoneCount: number, servers: number): PartModel {
  const needs = range(0, servers).map((k) => part(k % zoneCount))
  return model({
    groups: [group('zone', zoneCount, exp(4380), exp(2)), group('server', servers, exp(1000), exp(8), { needs })],
    services: [{ name: 'quorum', condition: atLeast(2, range(zoneCount, zoneCount + servers)) }],
  })
}

function betaFactor(count: number): PartModel {
  return majority(count, exp(1000), exp(8), {
    commonCauses: [{ name: 'batch', group: 0, beta: 0.05, kind: 'shock' }],
  })
}

const balancerPair = () =>
  model({
    groups: [group('balancer', 2, exp(5000), exp(1))],
    roles: [role([0, 1], { name: 'address', handOver: { kind: 'fixed', value: 3000 }, fails: 0.01 })],
    services: [{ name: 'address', condition: roleHeld(0) }],
  })

/** Servers that carry an API server and an etcd process each; optionally one balancer before them. */
function stacked(balancers: 0 | 1): PartModel {
  const on = range(0, 3).map(part)
  const usable = [
    any(...range(3, 6).map(part)),
    atLeast(2, range(6, 9)),
    ...range(9, 9 + balancers).map((index) => part(index)),
  ]
  return model({
    groups: [
      group('server', 3, exp(1000), exp(8)),
      group('api-server', 3, exp(2000), exp(0.05), { needs: on }),
      group('etcd', 3, exp(4000), exp(0.1), { needs: on }),
      ...(balancers === 0 ? [] : [group('balancer', 1, exp(5000), exp(1))]),
    ],
    services: [{ name: 'write', condition: all(...usable) }],
  })
}

const external = () =>
  model({
    groups: [
      group('server', 3, exp(1000), exp(8)),
      group('etcd-server', 3, exp(1000), exp(8)),
      group('api-server', 3, exp(2000), exp(0.05), { needs: range(0, 3).map(part) }),
      group('etcd', 3, exp(4000), exp(0.1), { needs: range(3, 6).map(part) }),
      group('balancer', 2, exp(5000), exp(1)),
    ],
    roles: [role([12, 13], { name: 'address', handOver: { kind: 'fixed', value: 3000 }, fails: 0.01 })],
    services: [{ name: 'write', condition: all(roleHeld(0), any(...range(6, 9).map(part)), atLeast(2, range(9, 12))) }],
  })

function failover(count: number, handOver: Distribution): PartModel {
  return majority(count, exp(1000), exp(8), {
    roles: [role(range(0, count), { while: service(0), handOver })],
    services: [quorum(count), { name: 'write', condition: all(service(0), roleHeld(0)) }],
  })
}

/** Two racks of workstations, their switches and a backbone, one repair unit that is raced for. */
export function workstations(perSide: number, minimum: number): PartModel {
  const left = range(0, perSide)
  const right = range(perSide, 2 * perSide)
  const [leftSwitch, rightSwitch, backbone] = [part(2 * perSide), part(2 * perSide + 1), part(2 * perSide + 2)]
  const level = (k: number) =>
    any(
      all(atLeast(k, left), leftSwitch),
      all(atLeast(k, right), rightSwitch),
      all(atLeast(k, [...left, ...right]), leftSwitch, rightSwitch, backbone),
    )
  return model({
    groups: [
      group('left', perSide, exp(500), exp(0.5)),
      group('right', perSide, exp(500), exp(0.5)),
      group('left-switch', 1, exp(4000), exp(4)),
      group('right-switch', 1, exp(4000), exp(4)),
      group('backbone', 1, exp(5000), exp(8)),
    ],
    crews: [crew([0, 1, 2, 3, 4], { order: 'race', reaches: exp(0.1) })],
    services: [
      { name: 'minimum', condition: level(minimum) },
      { name: 'premium', condition: level(perSide) },
    ],
  })
}

const loss = (crews: PartModel['crews'] = []) =>
  model({
    groups: [group('copy', 3, exp(100000), exp(24))],
    crews,
    services: [
      { name: 'any', condition: atLeast(1, range(0, 3)) },
      { name: 'majority', condition: atLeast(2, range(0, 3)) },
    ],
  })

/** The part model of each reference scenario; its service of interest is the last, if not said otherwise. */
export const ORACLE_SYSTEMS: { readonly [scenario: string]: () => PartModel } = {
  'F01-a-n1': () => majority(1, exp(1000), exp(8)),
  'F01-a-n3': () => majority(3, exp(1000), exp(8)),
  'F01-a-n5': () => majority(5, exp(1000), exp(8)),
  'F02-a-n3-crews1': () => majority(3, exp(1000), exp(8), { crews: [crew([0])] }),
  'F02-a-n5-crews1': () => majority(5, exp(1000), exp(8), { crews: [crew([0])] }),
  'F02-a-n5-crews2': () => majority(5, exp(1000), exp(8), { crews: [crew([0], { size: 2 })] }),
  'F02H-a-fcfs1': () =>
    model({
      groups: [
        group('quick', 1, exp(1000), exp(2)),
        group('usual', 1, exp(1000), exp(8)),
        group('slow', 1, exp(1000), exp(24)),
      ],
      crews: [crew([0, 1, 2])],
      services: [quorum(3)],
    }),
  'F03-a-n1': () => majority(1, weibull(1000, 0.7), lognormal(8, 1)),
  'F03-a-n3': () => majority(3, weibull(1000, 0.7), lognormal(8, 1)),
  'F04-a-2+1': () => zones(2, 3),
  'F04-a-1+1+1': () => zones(3, 3),
  'F05-a-betafactor-n3': () => betaFactor(3),
  'F05-a-betafactor-n5': () => betaFactor(5),
  'F06-a-lbonly-pair': balancerPair,
  'F06-a-lbonly-single': () =>
    model({ groups: [group('balancer', 1, exp(5000), exp(1))], services: [{ name: 'lb', condition: part(0) }] }),
  'F06-a-stacked-any-etcd-lb-none': () => stacked(0),
  'F06-a-stacked-any-etcd-lb-single': () => stacked(1),
  'F06-a-external-lb-pair': external,
  'F07-a-n3-uniform1.0-1.9s': () => failover(3, { kind: 'uniform', low: 1000, high: 1900 }),
  'F07-a-n5-fixed1.45s': () => failover(5, { kind: 'fixed', value: 1450 }),
  'F08-a-n3-blind': () =>
    majority(3, exp(1000), exp(8), {
      maintenance: [{ name: 'reboot', group: 0, every: 720 * HOUR, lasts: HOUR / 6, apart: HOUR / 2, guard: 'none' }],
    }),
  'F09-a-n3-parallel': () => loss(),
  'F10-a-N2': () => workstations(2, 1),
  'F10-a-N4': () => workstations(4, 3),
  'F11-a-n5': () => majority(5, exp(8760), exp(1)),
}
