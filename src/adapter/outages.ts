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
  const etcd = gaps(probes.filter(({ series }) => series.startsWith('etcd/')))
  if (config.apiServer === null) return { etcd }
  const of = (name: string): OutageSpan[] => stretches(probes.filter(({ series }) => series === name))
  return { etcd, write: of('write'), read: of('read') }
}

/** `etcd` is there while any member takes writes: an outage is a gap between answers longer than a client's patience. */
function gaps(probes: readonly Probe[]): OutageSpan[] {
  const answers = probes
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ at, latency }) => at + latency)
    .sort((a, b) => a - b)
  const spans: OutageSpan[] = []
  for (const [i, at] of answers.entries()) {
    const next = answers[i + 1]
    if (next !== undefined && next - at > SHORTEST_OUTAGE) spans.push({ fromMs: round(at), toMs: round(next) })
  }
  const [last, end] = [answers.at(-1), Math.max(0, ...probes.map(({ at }) => at))]
  if (last !== undefined && end - last > SHORTEST_OUTAGE) spans.push({ fromMs: round(last), toMs: null })
  return spans
}

/** Through the balancer: stretches in which fewer than half of the requests succeeded, by the requests around each. */
function stretches(probes: readonly Probe[]): OutageSpan[] {
  const sent = [...probes].sort((a, b) => a.at - b.at)
  const half = (WINDOW - 1) / 2
  const isDown = sent.map((_, i) => {
    const around = sent.slice(Math.max(0, i - half), i + half + 1)
    return around.filter(({ outcome }) => outcome === 'ok').length * 2 < around.length
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
