import { expect, it } from 'vitest'
import { listOf } from '../../../src/base/list.ts'
import type { EtcdServer } from '../../../src/components/etcd/server/server.ts'
import { integerBelow, RandomStreams } from '../../../src/engine/random.ts'
import { compare } from './agreement.ts'
import { Bench } from './bench.ts'

const LASTS = [100, 300, 700, 1_500, 3_000, 6_000]
/** How a fault begins, and how it ends. */
const FAULTS: readonly ((bench: Bench, on: EtcdServer, other: EtcdServer) => readonly [() => void, () => void])[] = [
  (_, on) => [() => on.crash(), () => on.start()],
  (_, on) => [() => on.stop(), () => on.start()],
  (bench, on) => [() => bench.isolate(on, 1), () => bench.isolate(on, -1)],
  (bench, on, other) => [() => bench.cut(on, other, 1), () => bench.cut(on, other, -1)],
  (_, on) => [() => on.pause(), () => on.resume()],
  (_, on) => [() => on.directory.disk.stall(1), () => on.directory.disk.stall(-1)],
]

/** Up to three faults of members, overlapping as it comes, half of them of the first leader. */
function randomPlan(bench: Bench, number: number): (readonly [number, () => void])[] {
  const random = new RandomStreams('agreement', number).stream('plan')
  const pick = <T>(from: readonly T[]): T => from[integerBelow(random, from.length)]!
  let at = 1_000
  const actions = listOf(1 + integerBelow(random, 3), () => {
    const on = random.next() < 0.5 ? bench.leader : pick(bench.servers)
    const other = pick(bench.servers.filter((server) => server !== on))
    const [begin, end] = pick(FAULTS)(bench, on, other)
    const from = at
    at += 20 * integerBelow(random, 200)
    return [[from, begin] as const, [from + pick(LASTS), end] as const]
  })
  return actions.flat().sort(([a], [b]) => a - b)
}

it('real requests and the cheap answers agree whatever happens, but for one in two hundred', () => {
  let failed = 0
  const shares = listOf(60, (number) => {
    const [members, version] = [[3, 3, 5][number % 3]!, ['3.4', '3.5', '3.6', '3.7'][number % 4]!]
    const bench = new Bench({ seed: `random ${number}`, members, version }).established()
    const { write, read } = compare(bench, 12_000, 1_000, randomPlan(bench, number))
    failed += write.failed
    return Math.max(write.differences.length, read.differences.length) / write.asked
  })
  // Much did fail.
  expect(failed).toBeGreaterThan(5_000)
  expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeLessThan(0.005)
  expect(Math.max(...shares)).toBeLessThan(0.05)
})
