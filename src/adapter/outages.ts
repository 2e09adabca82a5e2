import type { ClusterConfig } from '../cluster/config.ts'
import type { Probe } from './timeline.ts'

/** A stretch in which a service was away, in ms of the trial; `toMs` null: it had not come back. */
export interface OutageSpan {
  readonly fromMs: number
  readonly toMs: number | null
}

/** Shorter outages are not told: clients' turns and windows are too coarse for them (ms). */
export const SHORTEST_OUTAGE = 200
/** So many requests in a row tell what share of a crowd succeeds. */
const WINDOW = 9

/** Outages as clients saw them. Of a plan with no API servers only those of etcd. */
export function outagesOf(
  probes: readonly Probe[],
  config: ClusterConfig,
): { readonly [service: string]: readonly OutageSpan[] } {
  const etcd = anyMember(
    probes.filter(({ series }) => series.startsWith('etcd/')),
    config.etcd.nodes.length,
  )
  if (config.apiServer === null) return { etcd }
  const of = (name: string): OutageSpan[] => halfOfThem(probes.filter(({ series }) => series === name))
  return { etcd, write: of('write'), read: of('read') }
}

/**
 * `etcd` is there while any member that might be asked takes a write: of requests sent one after another to all of them at
 * least one succeeds before its client gives up. A request that is held until there is a leader succeeds.
 */
function anyMember(probes: readonly Probe[], members: number): OutageSpan[] {
  return stretches(probes, members, (good) => good === 0)
}

/** Through the balancer: stretches in which fewer than half of the requests succeeded, by the requests around each. */
function halfOfThem(probes: readonly Probe[]): OutageSpan[] {
  return stretches(probes, WINDOW, (good, all) => good * 2 < all)
}

function stretches(
  probes: readonly Probe[],
  window: number,
  isAway: (good: number, all: number) => boolean,
): OutageSpan[] {
  const sent = [...probes].sort((a, b) => a.at - b.at)
  const half = Math.floor(window / 2)
  const isDown = sent.map((_, i) => {
    const around = sent.slice(Math.max(0, i - half), i + half + 1)
    return isAway(around.filter(({ outcome }) => outcome === 'ok').length, around.length)
  })
  const spans: OutageSpan[] = []
  for (let i = 0; i < sent.length; i++) {
    if (!isDown[i]) continue
    const from = sent[i]!.at
    while (i < sent.length && isDown[i]) i++
    const to = sent[i]?.at ?? null
    if (to === null || to - from >= SHORTEST_OUTAGE)
      spans.push({ fromMs: round(from), toMs: to === null ? null : round(to) })
  }
  return spans
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
