import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../src/faults/operation.ts'
import { localTarget, missingHere, realWorld, simulatedWorld, type World } from './worlds.ts'

/** Longer than any election of three members with a timeout of a second (two split votes among them). */
const ELECTED = 6_000
/** Longer than HAProxy needs to mark a server down or up. */
const MARKED = 8_000

const etcd = (machine: number, graceful = false): Operation => ({
  kind: 'process-down',
  process: 'etcd',
  machine,
  graceful,
})

/** A write is taken, at the latest within seconds: a busy machine may be slower than the cluster on it. */
async function takes(write: () => Promise<boolean>): Promise<void> {
  await expect.poll(write, { timeout: 5_000 }).toBe(true)
}

interface Case {
  readonly name: string
  readonly play: (world: World) => Promise<void>
}

/** What both clusters must do, behind the same two ports. Each case leaves the cluster as it was. */
const CASES: readonly Case[] = [
  {
    name: 'begins with a leader, all members alive, all servers up, and takes writes',
    async play(world) {
      const facts = await world.look()
      expect(facts.etcd.alive).toEqual(world.config.etcd.nodes)
      expect(world.config.etcd.nodes).toContain(facts.etcd.leader)
      expect(facts.serversUp).toEqual([true, true, true])
      expect(facts.addressHolder).toBe(world.config.loadBalancer!.nodes[0])
      await takes(() => world.writes())
    },
  },
  {
    name: 'elects another leader, in a later term, when the leader is killed',
    async play(world) {
      const before = await world.look()
      const fault = [etcd(before.etcd.leader!)]
      await world.begin(fault)
      expect(await world.writes()).toBe(false)
      await world.pass(ELECTED)
      const after = await world.look()
      expect(after.etcd.leader).not.toBe(before.etcd.leader)
      expect(after.etcd.leader).not.toBeNull()
      expect(after.etcd.term).toBeGreaterThan(before.etcd.term)
      expect(after.etcd.alive).not.toContain(before.etcd.leader)
      await takes(() => world.writes())
      await world.undo(fault)
      await world.pass(ELECTED)
      expect((await world.look()).etcd.alive).toContain(before.etcd.leader)
    },
  },
  {
    name: 'hands over at once when the leader is stopped in good order',
    async play(world) {
      const before = await world.look()
      const fault = [etcd(before.etcd.leader!, true)]
      await world.begin(fault)
      await world.pass(500)
      const after = await world.look()
      expect(after.etcd.leader).not.toBe(before.etcd.leader)
      expect(after.etcd.term).toBe(before.etcd.term + 1)
      await takes(() => world.writes())
      await world.undo(fault)
      await world.pass(ELECTED)
    },
  },
  {
    name: 'goes on with its leader when a follower is killed',
    async play(world) {
      const before = await world.look()
      const follower = before.etcd.alive.find((machine) => machine !== before.etcd.leader)!
      await world.begin([etcd(follower)])
      await world.pass(1_000)
      expect((await world.look()).etcd.leader).toBe(before.etcd.leader)
      await takes(() => world.writes())
      await world.undo([etcd(follower)])
      await world.pass(ELECTED)
    },
  },
  {
    name: 'takes no writes without a quorum, and takes them again when it returns',
    async play(world) {
      const { leader, alive } = (await world.look()).etcd
      const lost = [leader!, alive.find((machine) => machine !== leader)!].map((machine) => etcd(machine))
      await world.begin(lost)
      await world.pass(3_000)
      expect(await world.writes()).toBe(false)
      expect((await world.look()).etcd.alive).toHaveLength(1)
      await world.undo(lost)
      await world.pass(2 * ELECTED)
      await takes(() => world.writes())
      expect((await world.look()).etcd.alive).toHaveLength(3)
    },
  },
  {
    name: 'elects another leader when the machine of the leader is cut off from everyone',
    async play(world) {
      const before = await world.look()
      const leader = before.etcd.leader!
      const everyone = [...world.config.nodes.keys(), world.config.nodes.length].filter((one) => one !== leader)
      const cuts: Operation[] = everyone.flatMap((other) => [
        { kind: 'cut', from: leader, to: other },
        { kind: 'cut', from: other, to: leader },
      ])
      await world.begin(cuts)
      await world.pass(ELECTED)
      const after = await world.look()
      expect(after.etcd.leader).not.toBe(leader)
      await takes(() => world.writes())
      await world.undo(cuts)
      await world.pass(2 * ELECTED)
      await takes(() => world.writes())
      expect((await world.look()).etcd.alive).toHaveLength(3)
    },
  },
  {
    name: 'elects another leader when the leader cannot be heard by the others, though it hears them',
    async play(world) {
      const before = await world.look()
      const leader = before.etcd.leader!
      const others = before.etcd.alive.filter((machine) => machine !== leader)
      const cuts: Operation[] = others.map((to) => ({ kind: 'cut', from: leader, to }))
      await world.begin(cuts)
      await world.pass(ELECTED)
      expect((await world.look()).etcd.leader).not.toBe(leader)
      await world.undo(cuts)
      await world.pass(4 * ELECTED)
      await takes(() => world.writes())
    },
  },
  {
    name: 'elects another leader when the leader is frozen',
    async play(world) {
      const leader = (await world.look()).etcd.leader!
      const pause: Operation = { kind: 'pause', process: 'etcd', machine: leader }
      await world.begin([pause])
      await world.pass(ELECTED)
      expect((await world.look()).etcd.leader).not.toBe(leader)
      await world.undo([pause])
      await world.pass(ELECTED)
      expect((await world.look()).etcd.alive).toHaveLength(3)
    },
  },
  {
    name: 'keeps clients waiting at a follower whose disk does, and nobody else',
    async play(world) {
      const { leader, alive } = (await world.look()).etcd
      const [follower, other] = alive.filter((machine) => machine !== leader)
      await takes(() => world.writesAt(follower!))
      const slow: Operation = { kind: 'slow-disk', machine: follower!, by: 4_000 }
      await world.begin([slow])
      await world.pass(1_000)
      expect(await world.writesAt(follower!)).toBe(false)
      await takes(() => world.writesAt(other!))
      expect((await world.look()).etcd.leader).toBe(leader)
      await world.undo([slow])
      await world.pass(ELECTED)
      await takes(() => world.writesAt(follower!))
    },
  },
  {
    name: 'marks an API server that is stopped, or frozen, down, and up again',
    async play(world) {
      const machine = (await world.look()).preferredApiServer!
      const server = world.config.apiServer!.nodes.indexOf(machine)
      const faults: Operation[] = [
        { kind: 'process-down', process: 'api-server', machine, graceful: true },
        { kind: 'pause', process: 'api-server', machine },
      ]
      for (const fault of faults) {
        await world.begin([fault])
        await world.pass(MARKED)
        const down = await world.look()
        expect(down.serversUp?.[server]).toBe(false)
        expect(down.preferredApiServer).not.toBe(machine)
        await world.undo([fault])
        await world.pass(MARKED)
        expect((await world.look()).serversUp?.[server]).toBe(true)
      }
    },
  },
  {
    name: 'holds a machine down for as long as anything holds it',
    async play(world) {
      const machine = (await world.look()).etcd.alive[0]!
      const down: Operation = { kind: 'machine-down', machine, graceful: false, reboot: false }
      await world.begin([down])
      await world.begin([etcd(machine)])
      await world.undo([down])
      await world.pass(2_000)
      expect((await world.look()).etcd.alive).not.toContain(machine)
      await world.undo([etcd(machine)])
      await world.pass(2 * ELECTED)
      expect((await world.look()).etcd.alive).toContain(machine)
      await takes(() => world.writes())
    },
  },
  {
    name: 'gives a member that lost its disk a new one, and its data from the others',
    async play(world) {
      const { leader, alive } = (await world.look()).etcd
      const machine = alive.find((one) => one !== leader)!
      await world.begin([{ kind: 'lose-disk', machine }])
      await world.pass(1_000)
      expect((await world.look()).etcd.alive).not.toContain(machine)
      await world.undo([{ kind: 'lose-disk', machine }])
      await world.pass(2 * ELECTED)
      expect((await world.look()).etcd.alive).toContain(machine)
      await takes(() => world.writes())
    },
  },
]

describe('the simulated cluster behind the ports', () => {
  it.each(CASES)('$name', async ({ play }) => {
    await play(await simulatedWorld(localTarget('ports').config))
  })
})

const missing = missingHere('etcd', 'etcdctl', 'haproxy', 'iptables-restore', 'ip', 'strace')
if (missing !== null) process.stderr.write(`SKIPPED: the real cluster behind the ports: ${missing}\n`)

describe.skipIf(missing !== null)('the real cluster behind the ports', () => {
  let world: World
  beforeAll(async () => {
    world = await realWorld('ports')
  }, 60_000)
  afterAll(() => world?.close())

  it.each(CASES)('$name', ({ play }) => play(world), 120_000)
})
