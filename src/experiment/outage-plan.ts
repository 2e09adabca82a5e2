import type { ClusterConfig } from '../cluster/config.ts'
import { type PartMeaning, partsOf } from '../cluster/parts.ts'
import type { TraceEntry } from '../engine/trace.ts'
import type { FaultAction, FaultKind, FaultPlan } from '../faults/plan.ts'
import { memberNames } from '../structure/names.ts'

/** A part that was down, from when to when (ms of the replication). */
interface Down {
  readonly part: string
  readonly from: number
  readonly to: number
  readonly announced: boolean
}

/** Before the first fault of the plan (ms): it begins in the steady state. */
const LEAD_IN = 60_000
/** A disk that stalls answers nothing; plans know slow disks. Longer than any election (ms). */
const STALLED = 10_000

/**
 * What was down during an outage as a fault plan: parts that failed by then and were not repaired before it began, in the
 * same order. What was down long before begins with the plan.
 * @param entries the trace from the replication's beginning to some time after the outage's end
 * @param shorten gaps between events longer than this are cut to it (ms); null: none are
 */
export function planOfOutage(
  name: string,
  cluster: ClusterConfig,
  entries: readonly TraceEntry[],
  outage: { readonly fromMs: number; readonly ms: number },
  shorten: number | null,
): FaultPlan {
  const { meanings, model } = partsOf(cluster)
  const known = new Map(memberNames(model).map((part, at) => [part, meanings[at]!]))
  const end = outage.fromMs + outage.ms
  const downs = downsOf(entries, new Set(known.keys()), end).filter(
    ({ from, to }) => from <= end && to >= outage.fromMs,
  )
  const clock = compressed(
    downs.flatMap(({ from, to }) => [from, to]),
    shorten,
  )
  const actions = downs.map((down) => actionOf(known.get(down.part)!, down, clock, cluster))
  return { name, actions: actions.sort((a, b) => a.at - b.at) }
}

function downsOf(entries: readonly TraceEntry[], parts: ReadonlySet<string>, end: number): Down[] {
  const open = new Map<string, { readonly from: number; readonly announced: boolean }>()
  const downs: Down[] = []
  for (const { at, who, what } of entries) {
    if (!parts.has(who)) continue
    if (what.startsWith('failed') && !open.has(who))
      open.set(who, { from: at, announced: what.includes('maintenance') })
    const began = what.startsWith('repaired') ? open.get(who) : undefined
    if (began === undefined) continue
    downs.push({ part: who, ...began, to: at })
    open.delete(who)
  }
  for (const [part, began] of open) downs.push({ part, ...began, to: end })
  return downs
}

/** Instants of the replication → instants of the plan, whole milliseconds. */
function compressed(instants: readonly number[], shorten: number | null): (instant: number) => number {
  const sorted = [...new Set(instants)].sort((a, b) => a - b)
  const map = new Map<number, number>()
  let now = LEAD_IN
  for (const [i, instant] of sorted.entries()) {
    const gap = i === 0 ? 0 : instant - sorted[i - 1]!
    now += Math.max(i === 0 ? 0 : 1, Math.round(Math.min(gap, shorten ?? gap)))
    map.set(instant, now)
  }
  return (instant) => map.get(instant)!
}

function actionOf(
  meaning: PartMeaning,
  down: Down,
  clock: (instant: number) => number,
  cluster: ClusterConfig,
): FaultAction {
  const { nodes, failures } = cluster
  const name = (machine: number): string => nodes[machine]!.name
  const action = (kind: FaultKind, on: readonly string[], by: number | null = null): FaultAction => ({
    at: clock(down.from),
    do: kind,
    on,
    for: clock(down.to) - clock(down.from),
    from: [],
    oneWay: false,
    by,
    share: null,
  })
  switch (meaning.kind) {
    case 'machine':
      return action(down.announced ? 'stop' : 'crash', [name(meaning.machine)])
    case 'process':
      return action('crash', [`${meaning.process} ${name(meaning.machine)}`])
    case 'zone':
      return action(failures.zone?.onLoss === 'crash' ? 'crash' : 'isolate', [`zone ${meaning.zone}`])
    case 'link':
      return action('isolate', [name(meaning.machine)])
    case 'disk-stall':
      return action('slow-disk', [name(meaning.machine)], STALLED)
    case 'disk-loss':
      return action('lose-disk', [name(meaning.machine)])
    case 'change':
      return action('crash', changed(meaning.hits, cluster))
  }
}

function changed(hits: 'api-servers' | 'cluster', { apiServer, etcd, nodes }: ClusterConfig): string[] {
  const servers = (apiServer?.nodes ?? []).map((node) => `api-server ${nodes[node]!.name}`)
  return hits === 'cluster' ? [...servers, ...etcd.nodes.map((node) => `etcd ${nodes[node]!.name}`)] : servers
}
