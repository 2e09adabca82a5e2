import type { Ms } from '../base/units.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import { Transitions } from '../observe/transitions.ts'
import { type OutageSpan, outagesOf } from './outages.ts'
import type { Probe, ServerLook, Timeline } from './timeline.ts'

/** When an action took effect, and when its undoing did (ms of the trial); null: not undone. */
export interface Effect {
  readonly at: number
  readonly undoneAt: number | null
}

/** What a trial shows. Milliseconds. */
export interface Measured {
  /** As the simulation names them; more than one where the plan has several faults. */
  readonly transitions: { readonly [name: string]: readonly number[] }
  readonly outages: { readonly [service: string]: readonly OutageSpan[] }
}

/** Something that was seen at an instant, told to {@link Transitions} in order of time. */
interface Happening {
  readonly at: number
  readonly tell: (transitions: Transitions) => void
}

/** At the same instant the fault comes first. */
const ORIGIN_FIRST = 1e-6

/**
 * Transitions and outages of one trial, by the rules that the simulation's observer follows: counted from the fault, what
 * follows the undoing apart.
 * @param timeline told from the first fault (t = 0), with some time before it
 */
export function measure(timeline: Timeline, effects: readonly Effect[], config: ClusterConfig): Measured {
  const transitions = new Transitions(0 as Ms)
  const happenings = [
    ...origins(effects),
    ...elections(timeline, effects),
    ...marks(timeline),
    ...readiness(timeline),
    ...moves(timeline),
  ]
  for (const { tell } of happenings.sort((a, b) => a.at - b.at)) tell(transitions)
  return { transitions: transitions.samples, outages: outagesOf(timeline.probes, config) }
}

function origins(effects: readonly Effect[]): Happening[] {
  return effects.flatMap(({ at, undoneAt }) => [
    { at: at - ORIGIN_FIRST, tell: (to: Transitions) => to.origin(Math.max(0, at) as Ms, true) },
    ...(undoneAt === null
      ? []
      : [{ at: undoneAt - ORIGIN_FIRST, tell: (to: Transitions) => to.origin(undoneAt as Ms, false) }]),
  ])
}

function elections({ log, members, probes }: Timeline, effects: readonly Effect[]): Happening[] {
  const happenings: Happening[] = []
  const heard = log.length > 0 ? log : changesOfLeader(members)
  const elected = heard.filter(({ kind }) => kind === 'elected')
  for (const { at, kind } of heard) {
    if (kind === 'campaign') happenings.push({ at, tell: (to) => to.happened('etcd.detected', at as Ms) })
  }
  for (const [i, { at, term }] of elected.entries()) {
    const fault = effects.findLast((effect) => effect.at <= at)
    const before = members.filter((look) => look.at <= (fault?.at ?? 0)).map((look) => look.term)
    const since = Math.max(0, ...before)
    happenings.push({
      at,
      tell: (to) => {
        to.happened('etcd.elected', at as Ms)
        to.happened('etcd.terms', at as Ms, term - since)
      },
    })
    const next = elected[i + 1]?.at ?? Number.POSITIVE_INFINITY
    const recovered = firstAnswer(probes, at, next)
    if (recovered !== null)
      happenings.push({ at: recovered, tell: (to) => to.happened('etcd.recovered', recovered as Ms) })
  }
  return happenings
}

/** Where nobody reads etcd's log: a leader that most had not named before. Candidates cannot be seen from outside. */
function changesOfLeader(members: Timeline['members']): Timeline['log'] {
  const events: { at: number; machine: number; kind: 'elected'; term: number }[] = []
  let leader: number | null = null
  let term = 0
  for (const look of members) {
    if (look.leader === null || look.term <= term) continue
    if (leader !== null) events.push({ at: look.at, machine: look.leader, kind: 'elected', term: look.term })
    leader = look.leader
    term = look.term
  }
  return events
}

/**
 * When the first write that was sent in a stretch, at any member, was answered in it; null: none. One that was under way
 * when a leader was elected may be its predecessor's.
 */
function firstAnswer(probes: readonly Probe[], from: number, until: number): number | null {
  let first = until
  for (const { series, at, outcome, latency } of probes) {
    const answered = at + latency
    if (series.startsWith('etcd/') && outcome === 'ok' && at >= from && answered < first) first = answered
  }
  return first < until ? first : null
}

/** Marks of the balancer that clients use. */
function marks(timeline: Timeline): Happening[] {
  const happenings: Happening[] = []
  const before = new Map<number, ServerLook>()
  const names = readyNames(timeline)
  for (const look of timeline.servers) {
    const last = before.get(look.balancer)
    before.set(look.balancer, look)
    for (const [server, up] of look.up.entries()) {
      if (last === undefined || last.up[server] === up) continue
      if (up) {
        const since = answersSince(timeline.probes, names[server], look.at)
        if (since !== null) happenings.push({ at: look.at, tell: (to) => to.took('lb.markedUp', since, look.at as Ms) })
      } else happenings.push({ at: look.at, tell: (to) => to.happened('lb.markedDown', look.at as Ms) })
    }
  }
  return happenings
}

function readyNames({ probes }: Timeline): string[] {
  return [...new Set(probes.map(({ series }) => series).filter((series) => series.startsWith('ready/')))].sort()
}

/** Since when a server has answered its health check without a failure, at an instant. */
function answersSince(probes: readonly Probe[], series: string | undefined, until: number): number | null {
  const answers = probes
    .filter((probe) => probe.series === series && probe.at + probe.latency <= until)
    .sort((a, b) => a.at + a.latency - (b.at + b.latency))
  const last = answers.findLastIndex(({ outcome }) => outcome !== 'ok')
  const first = answers[last + 1]
  return last < 0 || first === undefined ? null : first.at + first.latency
}

/** API servers that become ready, as their own health checks say. */
function readiness(timeline: Timeline): Happening[] {
  return readyNames(timeline).flatMap((series) => {
    const answers = timeline.probes
      .filter((probe) => probe.series === series)
      .sort((a, b) => a.at + a.latency - (b.at + b.latency))
    return answers.flatMap((probe, i) => {
      const at = probe.at + probe.latency
      const rises = probe.outcome === 'ok' && i > 0 && answers[i - 1]!.outcome !== 'ok'
      return rises ? [{ at, tell: (to: Transitions) => to.happened('api.ready', at as Ms) }] : []
    })
  })
}

function moves({ holders }: Timeline): Happening[] {
  return holders.flatMap(({ at, machine }, i) => {
    const before = holders[i - 1]?.machine ?? null
    const moved = machine !== null && before !== null && machine !== before
    return moved ? [{ at, tell: (to: Transitions) => to.happened('address.moved', at as Ms) }] : []
  })
}
