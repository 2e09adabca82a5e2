import { oncePer } from '../base/once-per.ts'
import { meanOf } from '../engine/distribution.ts'
import { integerBelow, type Random } from '../engine/random.ts'
import type { Standing } from './cluster.ts'
import type { ClusterConfig } from './config.ts'
import { type PartMeaning, partsOf } from './parts.ts'

/** Faults after which where the clients were before no longer tells. */
const FAULTS = 16

/**
 * How a cluster stands that has been running for long, with everything up. Clients keep their connections, so a server
 * that comes back gets none of its own back, and one fault after the other heaps them up on few servers; the leader is
 * where the faults have left it. Without this a replication of a year would begin with months of clients spread evenly.
 *
 * The last faults are drawn in proportion to their rates, each with all else up: what takes a server away sends its
 * clients to the others in equal parts, what takes the balancer's address away sends all of them, what takes the leader away
 * makes one of the others lead. After these come the last faults of the parts themselves, the longest ago first: the leader
 * and the server with most clients are machines that have not failed for long, which tells where lives wear out.
 *
 * @param ages of the structure's parts: how long each has been up since its last failure (ms); −1: not known
 */
export function usualStanding(config: ClusterConfig, random: Random, ages: Float64Array): Standing | undefined {
  const { apiServer, etcd, loadBalancer } = config
  const { faults, rate } = faultsOf(config)
  if (faults.length === 0) return undefined
  const count = apiServer?.nodes.length ?? 0
  const shares = new Float64Array(count).fill(1 / count)
  const best = bestOf(loadBalancer?.address?.priorities ?? [])
  let holder = best
  let leader = integerBelow(random, etcd.nodes.length)
  const strike = ({ servers, members, balancers }: Fault): void => {
    if (balancers.has(holder)) {
      shares.fill(1 / shares.length)
      const others = (loadBalancer?.address?.priorities ?? []).map((priority, router) =>
        balancers.has(router) ? Number.NEGATIVE_INFINITY : priority,
      )
      holder = loadBalancer?.address?.nopreempt === true && balancers.size < others.length ? bestOf(others) : best
    }
    moveAway(shares, servers)
    if (members.has(leader)) leader = another(etcd.nodes.length, members, random)
  }
  for (let i = 0; i < FAULTS; i++) strike(drawn(faults, rate, random))
  const own = faults.filter(({ part }) => ages[part]! >= 0)
  for (const fault of own.sort((a, b) => ages[b.part]! - ages[a.part]!)) strike(fault)
  return { leader, holder, shares }
}

/** What a fault takes away, by index among its kind. */
interface Fault {
  readonly part: number
  readonly rate: number
  readonly servers: ReadonlySet<number>
  readonly members: ReadonlySet<number>
  readonly balancers: ReadonlySet<number>
}

/** All that happens by chance, and how often anything does. */
const faultsOf = oncePer((config: ClusterConfig): { readonly faults: readonly Fault[]; readonly rate: number } => {
  const { model, meanings } = partsOf(config)
  const rates = model.groups.flatMap(({ every, count }) =>
    Array<number>(count).fill(every === null ? 0 : 1 / meanOf(every)),
  )
  const all = meanings.map((meaning, part) => ({ part, ...faultOf(config, meaning, rates[part]!) }))
  const faults = all.filter(({ rate }) => rate > 0)
  return { faults, rate: faults.reduce((sum, { rate }) => sum + rate, 0) }
})

function faultOf(config: ClusterConfig, meaning: PartMeaning, rate: number): Omit<Fault, 'part'> {
  const { nodes, apiServer, etcd, loadBalancer } = config
  const at = (machines: readonly number[], on: (machine: number) => boolean) =>
    new Set(machines.flatMap((machine, index) => (on(machine) ? [index] : [])))
  const taking = (
    server: (machine: number) => boolean,
    member: typeof server,
    balancer: typeof server,
  ): Omit<Fault, 'part'> => ({
    rate,
    servers: at(apiServer?.nodes ?? [], server),
    members: at(etcd.nodes, member),
    balancers: at(loadBalancer?.nodes ?? [], balancer),
  })
  const none = () => false
  // An API server without its own member is marked down, and then loses its clients if that is how the balancer is set.
  const leavesUnready = apiServer?.etcd === 'local' && loadBalancer?.onMarkedDown === 'shutdown-sessions'
  switch (meaning.kind) {
    case 'zone': {
      const inZone = (machine: number) => nodes[machine]!.zone === meaning.zone
      return taking(inZone, inZone, inZone)
    }
    case 'machine':
    case 'link': {
      const here = (machine: number) => machine === meaning.machine
      return taking(here, here, here)
    }
    case 'process': {
      const runs = (process: string) => (machine: number) => meaning.process === process && machine === meaning.machine
      const isLeft = meaning.process === 'etcd' && leavesUnready ? runs('etcd') : runs('api-server')
      return taking(isLeft, runs('etcd'), runs('balancer'))
    }
    case 'disk-stall':
      return taking(none, (machine) => machine === meaning.machine, none)
    case 'disk-loss': {
      const here = (machine: number) => machine === meaning.machine
      return taking(leavesUnready ? here : none, here, none)
    }
    case 'change':
      return taking(
        () => true,
        () => meaning.hits === 'cluster',
        none,
      )
  }
}

function drawn(faults: readonly Fault[], rate: number, random: Random): Fault {
  let left = random.next() * rate
  for (const fault of faults) {
    left -= fault.rate
    if (left < 0) return fault
  }
  return faults.at(-1)!
}

/** Clients of what is gone spread evenly over the others; where nothing is left, over all, once it is back. */
function moveAway(shares: Float64Array, gone: ReadonlySet<number>): void {
  if (gone.size === 0) return
  if (gone.size === shares.length) {
    shares.fill(1 / shares.length)
    return
  }
  let waiting = 0
  for (const server of gone) {
    waiting += shares[server]!
    shares[server] = 0
  }
  for (let server = 0; server < shares.length; server++) {
    if (!gone.has(server)) shares[server]! += waiting / (shares.length - gone.size)
  }
}

function another(count: number, gone: ReadonlySet<number>, random: Random): number {
  if (gone.size === count) return integerBelow(random, count)
  let left = integerBelow(random, count - gone.size)
  let member = 0
  for (; left > 0 || gone.has(member); member++) if (!gone.has(member)) left--
  return member
}

function bestOf(priorities: readonly number[]): number {
  return Math.max(0, priorities.indexOf(Math.max(...priorities)))
}
