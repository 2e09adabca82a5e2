import { describe, expect, it } from 'vitest'
import type { Disk } from '../../../src/infra/disk.ts'
import { compare } from './agreement.ts'
import { Bench } from './bench.ts'

type Script = (bench: Bench) => readonly (readonly [number, () => void])[]

/** What happens to a cluster of three; the leader and a follower as they are at the beginning. */
const SCENARIOS: { readonly [name: string]: Script } = {
  'the leader is killed and comes back': ({ leader }) => [
    [1_000, () => leader.crash()],
    [6_000, () => leader.start()],
  ],
  'a follower is killed': ({ followers: [follower] }) => [[1_000, () => follower!.crash()]],
  'the leader is cut off and comes back': (bench) => {
    const { leader } = bench
    return [
      [1_000, () => bench.isolate(leader, 1)],
      [7_000, () => bench.isolate(leader, -1)],
    ]
  },
  'a follower is cut off and comes back': (bench) => {
    const [follower] = bench.followers
    return [
      [1_000, () => bench.isolate(follower!, 1)],
      [5_000, () => bench.isolate(follower!, -1)],
    ]
  },
  'the leader is frozen and goes on': ({ leader }) => [
    [1_000, () => leader.pause()],
    [7_000, () => leader.resume()],
  ],
  'the leader is frozen for 600 ms': ({ leader }) => [
    [1_000, () => leader.pause()],
    [1_600, () => leader.resume()],
  ],
  'a follower is frozen for 3000 ms': ({ followers: [follower] }) => [
    [1_000, () => follower!.pause()],
    [4_000, () => follower!.resume()],
  ],
  'quorum is lost and comes back': ({ leader, followers: [follower] }) => [
    [1_000, () => leader.crash()],
    [1_000, () => follower!.crash()],
    [8_000, () => leader.start()],
  ],
  'the leader is stopped in peace': ({ leader }) => [[1_000, () => leader.stop()]],
  ...Object.fromEntries(
    [300, 600, 1_500, 4_000].map((lasts) => [
      `the disk of the leader stalls for ${lasts} ms`,
      ({ leader: { directory } }: Bench) => stall(directory.disk, lasts),
    ]),
  ),
  ...Object.fromEntries(
    [300, 1_500, 4_000].map((lasts) => [
      `the disk of a follower stalls for ${lasts} ms`,
      ({ followers: [follower] }: Bench) => stall(follower!.directory.disk, lasts),
    ]),
  ),
}

function stall(disk: Disk, lasts: number): readonly (readonly [number, () => void])[] {
  return [
    [1_000, () => disk.stall(1)],
    [1_000 + lasts, () => disk.stall(-1)],
  ]
}

const CASES = Object.keys(SCENARIOS).flatMap((name) => [1_000, 7_000].map((patience) => [name, patience] as const))

/** Over before anybody gives up. */
const SHORT = / [36]00 ms$/

describe('real requests and the cheap answers', () => {
  it.each(CASES)('agree when %s, for clients that wait %i ms', (name, patience) => {
    const bench = new Bench({ seed: name }).established()
    const { write, read } = compare(bench, 10_000, patience, SCENARIOS[name]!(bench))
    const text = `writes ${write.differences.length} of ${write.asked}, reads ${read.differences.length}\n`
    expect(write.differences.length / write.asked, text + write.differences.join('\n')).toBeLessThan(0.005)
    // Something happened: the agreement is not about nothing.
    if (patience === 1_000 && !SHORT.test(name)) expect(write.failed).toBeGreaterThan(20)
    expect(read.differences.length / read.asked, text + read.differences.join('\n')).toBeLessThan(0.005)
  })
})
