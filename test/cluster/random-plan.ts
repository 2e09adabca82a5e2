import { type Random, randomFrom } from '../../src/engine/random.ts'

/** A small control plane and what a plan may name in it. Latencies are fixed. */
export interface Subject {
  readonly model: string
  readonly nodes: readonly string[]
  readonly members: readonly string[]
}

const NETWORK = 'network: { within-zone: fixed(0.25ms), between-zones: fixed(0.5ms) }'

function etcdOn(group: string, version: string, random: Random): string {
  const fsync = pick(random, ['fixed(0.1ms)', 'fixed(2ms)', 'fixed(12ms)'])
  const writes = pick(random, ['0/s', '10/s', '100/s'])
  return `etcd: { on: ${group}, version: "${version}", fsync: ${fsync}, writes: ${writes} }`
}

const names = (group: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${group}-${index + 1}`)

/** Stacked or external, of three to five members, with and without balancers; drawn by the number. */
export function subject(number: number): Subject {
  const random = randomFrom(`subject ${number}`)
  const version = pick(random, ['3.4', '3.5', '3.6'])
  const kind = pick(random, ['stacked-3', 'stacked-5', 'stacked-4', 'external'])
  if (kind === 'external') {
    const model = `
zones: [a, b, c]
nodes: { cp: { count: 2 }, et: { count: 3 }, lb: { count: 1, zones: [a] } }
${etcdOn('et', version, random)}
api-server: { on: cp, etcd: all }
load-balancer: { on: lb, kind: haproxy }
${NETWORK}`
    return { model, nodes: [...names('cp', 2), ...names('et', 3), 'lb-1'], members: names('et', 3) }
  }
  const count = Number(kind.slice(-1))
  const members = names('cp', count)
  if (kind === 'stacked-4') {
    const model = `
zones: [a, b]
nodes: { cp: { count: 4 } }
${etcdOn('cp', version, random)}
api-server: { on: cp }
${NETWORK}`
    return { model, nodes: members, members }
  }
  const model = `
zones: [a, b, c]
nodes: { cp: { count: ${count} }, lb: { count: 2, zones: [a, b] } }
${etcdOn('cp', version, random)}
api-server: { on: cp }
load-balancer: { on: lb, kind: haproxy, check: { fastinter: 1s }, address: { kind: keepalived, script: {} } }
${NETWORK}`
  return { model, nodes: [...members, 'lb-1', 'lb-2'], members }
}

/** One to four faults close to each other, each undone within minutes; drawn by the number. */
export function randomActions(given: Subject, number: number): string[] {
  const random = randomFrom(`plan ${number}`)
  const count = 1 + Math.floor(random.next() * 4)
  let at = 10_000 + Math.floor(random.next() * 10_000)
  return Array.from({ length: count }, () => {
    const action = randomAction(given, random, at)
    at += Math.floor(pick(random, [0, 50, 700, 4_000, 30_000, 90_000]) * random.next())
    return action
  })
}

const KINDS = ['crash', 'stop', 'pause', 'reboot', 'cut', 'isolate', 'delay', 'slow-disk', 'lose-disk'] as const

function randomAction({ nodes, members }: Subject, random: Random, at: number): string {
  const kind = pick(random, KINDS)
  const lasts = pick(random, ['500ms', '3s', '7s', '20s', '61s', '130s'])
  const anyNode = pick(random, nodes)
  let on = pick(random, ['etcd-leader', 'an etcd-follower', 'zone a', anyNode, `etcd ${pick(random, members)}`])
  let more = ''
  if (kind === 'cut' || kind === 'delay') {
    on = pick(random, ['etcd-leader', 'zone a', `[${anyNode}]`, `link ${nodes[0]} -> ${nodes[1]}`])
    if (!on.startsWith('link') && random.next() < 0.4) more += `, from: ${pick(random, nodes)}`
  }
  if ((kind === 'cut' || kind === 'delay' || kind === 'isolate') && random.next() < 0.25) more += ', one-way: true'
  if (kind === 'delay' || kind === 'slow-disk') more += `, by: ${pick(random, ['5ms', '60ms', '300ms'])}`
  if (kind === 'lose-disk') on = pick(random, members)
  if (kind === 'crash' && nodes.includes('lb-1')) on = pick(random, [on, 'address-holder', 'balancer lb-1'])
  return `{ at: ${at}ms, do: ${kind}, on: ${on.startsWith('[') ? on : `"${on}"`}, for: ${lasts}${more} }`
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random.next() * from.length)]!
}
