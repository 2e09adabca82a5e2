import type { ClusterConfig } from '../cluster/config.ts'
import type { ReplayTrial, Spread } from '../experiment/replay.ts'
import type { Operation } from '../faults/operation.ts'
import { labelOf } from '../faults/plan.ts'
import type { Values } from './predict.ts'
import { spreadOf } from './score.ts'
import type { Timeline } from './timeline.ts'
import type { DoneAction, Trial } from './trial.ts'

const KEPT = 1_000

export function trialOf(trial: Trial, config: ClusterConfig): ReplayTrial {
  const name = (machine: number): string => config.nodes[machine]?.name ?? 'clients'
  const nameOrNull = (machine: number | null): string | null => (machine === null ? null : name(machine))
  const { timeline } = trial
  return {
    startedAt: trial.startedAt,
    actions: trial.actions.map((done) => ({
      atMs: tenth(done.at),
      do: done.action.do,
      asked: labelOf(done.action),
      on: [...new Set(done.operations.map((operation) => wordsOf(operation, name)))].join(', '),
      undoneAtMs: done.undoneAt === null ? null : tenth(done.undoneAt),
      backAtMs: backAt(done, timeline, name),
    })),
    transitions: Object.fromEntries(
      Object.entries(trial.transitions).map(([key, values]) => [
        key,
        values.length === 1 ? tenth(values[0]!) : values.map(tenth),
      ]),
    ),
    outages: trial.outages,
    probes: bySeries(timeline),
    members: timeline.members.map((look) => [
      look.at,
      name(look.machine),
      nameOrNull(look.leader),
      look.term,
      look.healthy,
    ]),
    servers: timeline.servers.map((look) => [look.at, name(look.balancer), look.up]),
    elections: timeline.log.map((event) => [event.at, name(event.machine), event.kind, event.term]),
    holders: timeline.holders.map((look) => [look.at, nameOrNull(look.machine)]),
    objects: timeline.objects.map((look) => [look.at, look.name, look.state]),
  }
}

const tenth = (ms: number): number => Math.round(ms * 10) / 10

function wordsOf(operation: Operation, name: (machine: number) => string): string {
  switch (operation.kind) {
    case 'process-down':
    case 'pause':
      return `${operation.process} ${name(operation.machine)}`
    case 'cut':
    case 'delay':
    case 'lose':
      return `link ${name(operation.from)} -> ${name(operation.to)}`
    default:
      return name(operation.machine)
  }
}

function bySeries({ probes }: Timeline): ReplayTrial['probes'] {
  const names = [...new Set(probes.map(({ series }) => series))]
  return Object.fromEntries(
    names.map((name) => [
      name,
      probes
        .filter(({ series }) => series === name)
        .map(({ at, outcome, latency }) => [at, outcome, Math.round(latency * 100) / 100] as const),
    ]),
  )
}

/** The first request that a process, started again, did not refuse. */
function backAt(
  { operations, undoneAt }: DoneAction,
  { probes }: Timeline,
  name: (machine: number) => string,
): number | null {
  const [operation] = operations
  if (undoneAt === null || operations.length !== 1 || operation?.kind !== 'process-down') return null
  if (operation.process === 'balancer') return null
  const series = `${operation.process === 'etcd' ? 'etcd' : 'ready'}/${name(operation.machine)}`
  const back = probes.find((probe) => probe.series === series && probe.at >= undoneAt && probe.outcome !== 'refused')
  return back === undefined ? null : tenth(back.at)
}

/** All values of a quantity over trials; the time in outages of each trial beside the transitions. */
export function measuredValues(trials: readonly ReplayTrial[]): Values {
  const values: { [name: string]: number[] } = {}
  const keep = (name: string, ...more: readonly number[]): void => {
    values[name] = [...(values[name] ?? []), ...more]
  }
  for (const { transitions, outages } of trials) {
    for (const [name, value] of Object.entries(transitions)) keep(name, ...[value].flat())
    for (const [service, spans] of Object.entries(outages)) {
      const ended = spans.map(({ fromMs, toMs }) => (toMs === null ? Number.NaN : toMs - fromMs))
      const sum = ended.reduce((total, ms) => total + ms, 0)
      if (!Number.isNaN(sum)) keep(`${service}.outage`, tenth(sum))
    }
  }
  return values
}

export function spreads(values: Values): { readonly [name: string]: Spread } {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, own]) => own.length > 0)
      .map(([name, own]) => [name, spreadOf(own)]),
  )
}

/** Sorted, and thinned evenly where there are many. */
export function keptValues(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, own]) => {
      const sorted = [...own].sort((a, b) => a - b)
      const step = Math.max(1, sorted.length / KEPT)
      return [
        name,
        Array.from({ length: Math.min(KEPT, sorted.length) }, (_, i) => tenth(sorted[Math.floor(i * step)]!)),
      ]
    }),
  )
}
