import { describe, expect, it } from 'vitest'
import type { Conversation, EtcdClient } from '../../../src/components/etcd/server/client.ts'
import { ERRORS } from '../../../src/components/etcd/server/errors.ts'
import type { Request } from '../../../src/components/etcd/server/requests.ts'
import type { EtcdServer } from '../../../src/components/etcd/server/server.ts'
import { integerBelow, type Random, RandomStreams } from '../../../src/engine/random.ts'
import { explainFailure, judge, type RegisterOperation, registers } from '../../../src/observe/linearizability/index.ts'
import { Bench, put } from './bench.ts'
import { told } from './told.ts'

const KEYS = ['a', 'b']

/** Puts, gets and compare-and-sets, one at a time for each client, one client for each member. */
class Workload {
  readonly operations: RegisterOperation[] = []
  readonly #random: Random
  readonly #clients: { readonly client: EtcdClient; life: number; open: Open | undefined }[]
  #values = 0

  constructor(bench: Bench, random: Random) {
    this.#random = random
    this.#clients = bench.servers.map((server) => ({ client: bench.client(server), life: 0, open: undefined }))
  }

  /** Notes what was answered, and lets whoever has nothing under way ask the next thing. */
  turn(): void {
    this.#clients.forEach((each, number) => {
      const outcome = each.open?.conversation.outcome
      if (each.open !== undefined && outcome === undefined) return
      if (each.open !== undefined) {
        const operation = operationOf(each.open, `${number}.${each.life}`)
        if (operation !== undefined) this.operations.push(operation)
        if (operation?.known === false) each.life++
      }
      each.open = this.#ask(each.client)
    })
  }

  #ask(client: EtcdClient): Open {
    const key = KEYS[integerBelow(this.#random, KEYS.length)]!
    const value = `v${++this.#values}`
    const expected = `v${Math.max(1, this.#values - 1 - integerBelow(this.#random, 6))}`
    const request = ([put(key, value), { kind: 'get', key }, casOf(key, expected, value)] as const)[
      integerBelow(this.#random, 3)
    ]!
    return { conversation: client.ask(request, { deadline: 1_500 }), key, value, expected }
  }
}

interface Open {
  readonly conversation: Conversation
  readonly key: string
  readonly value: string
  readonly expected: string
}

const casOf = (key: string, expected: string, value: string): Request => ({
  kind: 'txn',
  compare: [{ key, value: expected }],
  success: [put(key, value)],
  failure: [],
})

/** What a history says of it; undefined if it certainly did not happen, or was a read without an answer. */
function operationOf({ conversation, key, value, expected }: Open, process: string): RegisterOperation | undefined {
  const { request, startedAt: call, endedAt, outcome } = conversation
  const base = { process, key, call, result: endedAt!, known: outcome!.ok }
  if (!outcome!.ok && (request.kind === 'get' || ERRORS[outcome!.error].certainty === 'refused')) return undefined
  const answer = outcome!.ok ? outcome! : undefined
  if (request.kind === 'get')
    return { ...base, kind: 'read', input: null, output: answer?.value ?? null } as RegisterOperation
  if (request.kind === 'put')
    return {
      ...base,
      kind: 'write',
      input: value,
      output: answer === undefined ? undefined : null,
    } as RegisterOperation
  return { ...base, kind: 'cas', input: { expected, desired: value }, output: answer?.succeeded } as RegisterOperation
}

/** One fault, and how it is undone. */
function fault(bench: Bench, random: Random): () => void {
  const server = bench.servers[integerBelow(random, bench.servers.length)]!
  const other = bench.servers[integerBelow(random, bench.servers.length)]!
  switch (integerBelow(random, 6)) {
    case 0:
      server.crash()
      return () => server.start()
    case 1:
      server.stop()
      return () => restart(bench, server)
    case 2:
      server.pause()
      return () => server.resume()
    case 3:
      bench.isolate(server, 1)
      return () => bench.isolate(server, -1)
    case 4:
      server.directory.disk.stall(1)
      return () => server.directory.disk.stall(-1)
    default:
      if (server === other) return () => {}
      bench.cut(server, other, 1)
      return () => bench.cut(server, other, -1)
  }
}

function restart(bench: Bench, server: EtcdServer): void {
  for (let wait = 0; wait < 10 && server.status !== 'down'; wait++) bench.run(1_000)
  server.start()
}

/** Twenty-five seconds of faults, two at a time at most, then peace. */
function story(version: string, seed: number) {
  const bench = new Bench({ version, seed: `history ${seed}`, server: { snapshotCount: 50, catchUpEntries: 10 } })
  bench.established()
  const random = new RandomStreams('faults', seed).stream(version)
  const workload = new Workload(bench, random)
  const undo: (() => void)[] = []
  for (let step = 0; step < 2_500; step++) {
    workload.turn()
    if (step % 100 === 50) {
      if (undo.length === 2 || (undo.length === 1 && random.next() < 0.3)) undo.shift()!()
      undo.push(fault(bench, random))
    }
    bench.run(10)
  }
  for (const each of undo) each()
  for (const server of bench.servers) {
    server.resume()
    restart(bench, server)
  }
  bench.run(20_000)
  workload.turn()
  return { bench, operations: workload.operations }
}

const CASES = ['3.4', '3.5', '3.6', '3.7'].flatMap((version) =>
  Array.from({ length: 6 }, (_, seed) => [version, seed] as const),
)

describe('histories of real requests under random faults', () => {
  it.each(CASES)('are linearizable, and the members agree in the end: %s, seed %i', (version, seed) => {
    const { bench, operations } = story(version, seed)
    expect(operations.length).toBeGreaterThan(300)
    const judgement = judge(operations, registers)
    const text = judgement.verdict === 'not linearizable' ? explainFailure(judgement.failure, registers) : ''
    expect(judgement.verdict, String(text)).toBe('linearizable')
    expect(new Set(bench.servers.map(({ state }) => state?.store.hash())).size).toBe(1)
    const last = bench.servers.map((server) => bench.client(server).ask(put('end')))
    bench.run(100)
    expect(last.map(told)).toEqual(['ok', 'ok', 'ok'])
  })

  it('are the same again with the same seed', () => {
    expect(story('3.6', 1).operations).toEqual(story('3.6', 1).operations)
    expect(story('3.6', 1).operations).not.toEqual(story('3.6', 2).operations)
  })
})
