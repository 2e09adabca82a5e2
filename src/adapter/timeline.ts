/** What an outsider saw of a real cluster. Times are milliseconds of the monotonic clock until {@link shifted}. */
export interface Timeline {
  readonly probes: readonly Probe[]
  readonly members: readonly MemberLook[]
  readonly servers: readonly ServerLook[]
  readonly log: readonly LogEvent[]
  readonly holders: readonly HolderLook[]
  readonly objects: readonly ObjectLook[]
}

/** What became of a request; a timed-out write may have happened. */
export type Outcome = 'ok' | 'refused' | 'unknown'

export interface Probe {
  /** `etcd/MACHINE`: a write at this member. `write`, `read`: through the balancer. */
  readonly series: string
  /** When it was sent. */
  readonly at: number
  readonly outcome: Outcome
  /** Until the answer, or until the client gave up (ms). */
  readonly latency: number
}

/** What a member says of itself. */
export interface MemberLook {
  readonly at: number
  /** Index into the model's nodes. */
  readonly machine: number
  /** The machine it takes for the leader; null: none. */
  readonly leader: number | null
  readonly term: number
  /** Whether it answers a linearizable read, as `etcdctl endpoint health` asks it; null: not asked this time. */
  readonly healthy: boolean | null
}

/** What a balancer thinks of its servers, in the order of the model's API servers. */
export interface ServerLook {
  readonly at: number
  readonly balancer: number
  readonly up: readonly boolean[]
}

/** From etcd's own log. */
export interface LogEvent {
  readonly at: number
  readonly machine: number
  readonly kind: 'campaign' | 'elected'
  readonly term: number
}

/** Who has the address of the balancers. */
export interface HolderLook {
  readonly at: number
  /** Index into the model's nodes; null: nobody. */
  readonly machine: number | null
}

/** What the Kubernetes API says of a node or a pod, told when it changes. */
export interface ObjectLook {
  readonly at: number
  /** `node/NAME` or `pod/NAME`. */
  readonly name: string
  readonly state: string
}

/** The part of a timeline from `from` on, told from `zero`. */
export function shifted(timeline: Timeline, from: number, zero: number): Timeline {
  const part = <T extends { readonly at: number }>(looks: readonly T[]): T[] =>
    looks
      .filter(({ at }) => at >= from)
      .map((look) => ({ ...look, at: rounded(look.at - zero) }))
      .sort((a, b) => a.at - b.at)
  return {
    probes: part(timeline.probes),
    members: part(timeline.members),
    servers: part(timeline.servers),
    log: part(timeline.log),
    holders: part(timeline.holders),
    objects: part(timeline.objects),
  }
}

/** Microseconds are more than any of this can tell. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
