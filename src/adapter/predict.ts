import type { Result } from '../base/result.ts'
import { ok } from '../base/result.ts'
import { randomFrom } from '../engine/random.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import { readExperiment } from '../experiment/parse.ts'
import { replicateCluster } from '../experiment/replicate-cluster.ts'
import type { ReadFile } from '../experiment/sources.ts'
import type { FaultPlan } from '../faults/plan.ts'
import { SHORTEST_OUTAGE } from './outages.ts'

/** Values of a transition, or of the time in outages (`write.outage`), in milliseconds. */
export type Values = { readonly [name: string]: readonly number[] }

/** The plan begins so long after the start of a simulated play (ms); what follows its end is watched for so long (ms). */
const LEAD_IN = 2_000
const AFTERMATH = 60_000

/**
 * A balancer is asked this often what it thinks (ms), and a check of its takes up to so long itself: of 20 marks UP after
 * a hang, which come 1000 ms after the server's return at the earliest, half came within 15 ms of that, nine in ten within 27.
 */
const [POLL, CHECK] = [10, 10]

/** etcd's log cuts its times to the millisecond. */
const LOG_UNIT = 1

/** What the clients of a replay can tell, and how much later than it happens. */
export interface Instrument {
  /** Between two writes at members, and between two through the balancer (ms). */
  readonly etcdEvery: number
  readonly balancerEvery: number
  /** Between two looks at who leads (ms); null: etcd's log is read. */
  readonly statusEvery: number | null
  /** Between two looks at an API server's health (ms). */
  readonly readyEvery: number
  /** How long a write at a member takes while nothing is wrong, as seen before the faults (ms). */
  readonly writeMs: readonly number[]
}

/** What a prediction is made of. */
export interface Predicted {
  /** Of the target. */
  readonly name: string
  /** File of the model, as seen from where the user is. */
  readonly model: string
  /** File of the plan; its targets are checked against the model. */
  readonly plan: string
  readonly seed: string
  /** Changes to the model, as `--set` takes them. */
  readonly sets: readonly { readonly path: string; readonly value: string }[]
}

/** The simulation that a replay is compared with: the target's model under the plan, its first action at t = 2 s. */
export function predictionOf(
  { name, model, plan, seed, sets }: Predicted,
  readFile: ReadFile,
): Result<ExperimentConfig> {
  const text = JSON.stringify({
    name,
    model,
    run: { seed, start: 'all-up', horizon: '1h', replications: 1, faults: plan },
  })
  const read = readExperiment(`${name}.yaml`, text, { readFile, sets })
  if (!read.ok) return read
  const config = read.value
  const faults = fromLeadIn(config.run.faults!)
  const end = Math.max(...faults.actions.map(({ at, for: lasts }) => at + (lasts ?? 0)))
  return ok({ ...config, run: { ...config.run, faults, horizon: end + AFTERMATH } })
}

function fromLeadIn(plan: FaultPlan): FaultPlan {
  const first = Math.min(...plan.actions.map(({ at }) => at))
  return { ...plan, actions: plan.actions.map((action) => ({ ...action, at: action.at - first + LEAD_IN })) }
}

/** Plays the plan in simulation; each play is a replication. */
export function predict(config: ExperimentConfig, plays: number): Values {
  const values: { [name: string]: number[] } = {}
  const keep = (name: string, ...more: readonly number[]): void => {
    const known = values[name]
    if (known === undefined) values[name] = [...more]
    else known.push(...more)
  }
  for (let play = 0; play < plays; play++) {
    const { transitions, services } = replicateCluster(config, 0, play)
    for (const [name, samples] of Object.entries(transitions)) keep(name, ...samples)
    for (const [at, { name }] of config.services.entries()) {
      const outages = [...services[at]!.outageMs].filter((ms) => ms >= SHORTEST_OUTAGE)
      keep(
        `${name}.outage`,
        outages.reduce((sum, ms) => sum + ms, 0),
      )
    }
  }
  return values
}

/**
 * Predicted values as the replay's clients would tell them: an answer is seen when a request that was sent at the next turn
 * has been answered; an outage through the balancer is told to the turn; an election by etcd's
 * log, or, where nobody reads that, at the next look.
 */
export function asSeen(
  values: Values,
  { etcdEvery, balancerEvery, statusEvery, readyEvery, writeMs }: Instrument,
  seed: string,
): Values {
  const random = randomFrom(`${seed}/instrument`)
  const write = (): number => writeMs[Math.floor(random.next() * writeMs.length)] ?? 0
  const turn = (every: number): number => random.next() * every
  const seen = (name: string, ms: number): number => {
    if (name.startsWith('etcd.recovered')) return ms + turn(etcdEvery) + write()
    if (name.startsWith('etcd.detected') || name.startsWith('etcd.elected'))
      return statusEvery === null ? Math.max(0, ms - turn(LOG_UNIT)) : ms + turn(statusEvery)
    if (name === 'etcd.outage' && ms > 0) return ms + turn(etcdEvery) - turn(etcdEvery)
    if (name.startsWith('lb.marked')) return ms + turn(POLL) + turn(CHECK)
    if (name.startsWith('api.ready')) return ms + turn(readyEvery)
    if (name.endsWith('.outage') && ms > 0) return ms + turn(balancerEvery) - turn(balancerEvery)
    return ms
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, samples]) => [name, samples.map((ms) => seen(name, ms))]),
  )
}
