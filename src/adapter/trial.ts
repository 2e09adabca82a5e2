import { reasonOf } from '../base/reason.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import { integerBelow, type RandomStreams } from '../engine/random.ts'
import { lastsOf, type Operation, operationsOf } from '../faults/operation.ts'
import { type FaultAction, type FaultPlan, labelOf } from '../faults/plan.ts'
import { resolveAll } from '../faults/resolve.ts'
import { monotonicMs, sleep } from './clock.ts'
import type { RealCluster } from './cluster.ts'
import type { Journal } from './journal.ts'
import { type Measured, measure } from './measure.ts'
import { Interrupted, Refusal } from './refusal.ts'
import { awaitSteady } from './steady.ts'
import { shifted, type Timeline } from './timeline.ts'

/** An action as it was done. Milliseconds of the trial. */
export interface DoneAction {
  readonly action: FaultAction
  readonly operations: readonly Operation[]
  readonly at: number
  readonly undoneAt: number | null
}

export interface Trial extends Measured {
  readonly startedAt: string
  readonly actions: readonly DoneAction[]
  readonly timeline: Timeline
}

export interface Stage {
  readonly cluster: RealCluster
  readonly config: ClusterConfig
  readonly journal: Journal
  /** Whether the user asked to stop. */
  readonly stops: () => boolean
  readonly says: (words: string) => void
}

/** Before the first fault the steady state is watched for so long (ms). */
const LEAD_IN = 1_500
/** Trials begin at no particular phase of any timer: so much later, at random (ms). */
const PHASE = 1_000
const STEADY_LIMIT = 30_000
const RETURN_LIMIT = 120_000
/** After the last undoing, if nothing waits for it, what follows is watched for so long (ms). */
const AFTERMATH = 3_000

/** Plays a plan once. The first action is at t = 0. @throws Refusal, Interrupted, with everything undone */
export async function playTrial(stage: Stage, plan: FaultPlan, streams: RandomStreams): Promise<Trial> {
  const { cluster, config, stops } = stage
  const before = await awaitSteady(cluster, config, STEADY_LIMIT, stops)
  if (stops()) throw new Interrupted()
  if (before.length > 0) throw new Refusal(`the cluster is not in its steady state: ${before.join('; ')}`)
  const startedAt = new Date().toISOString()
  const since = monotonicMs() - LEAD_IN
  cluster.forget(since)
  const phase = streams.stream('replay/phase').next() * PHASE
  await sleep(LEAD_IN + phase)
  const zero = monotonicMs()
  const done = await new Playing(stage, plan, streams).play(zero)
  const first = done[0]?.at ?? zero
  const after = await awaitSteady(cluster, config, RETURN_LIMIT, stops)
  if (stops()) throw new Interrupted()
  if (after.length > 0) throw new Refusal(`after the plan the cluster did not come back: ${after.join('; ')}`)
  await sleep(Math.max(0, AFTERMATH - (monotonicMs() - (done.at(-1)?.undoneAt ?? zero))))
  const timeline = shifted(await cluster.seen(), since, first)
  const actions = done.map((one) => ({
    ...one,
    at: one.at - first,
    undoneAt: one.undoneAt === null ? null : one.undoneAt - first,
  }))
  return { startedAt, actions, timeline, ...measure(timeline, actions, config) }
}

interface Active {
  readonly id: number
  readonly action: FaultAction
  readonly operations: readonly Operation[]
  readonly at: number
  readonly undoesAt: number | null
  undoneAt: number | null
}

/** One performance of a plan: actions and undoings in order of time. */
class Playing {
  readonly #stage: Stage
  readonly #actions: readonly FaultAction[]
  readonly #streams: RandomStreams
  readonly #active: Active[] = []

  constructor(stage: Stage, plan: FaultPlan, streams: RandomStreams) {
    this.#stage = stage
    this.#streams = streams
    const first = Math.min(...plan.actions.map(({ at }) => at))
    this.#actions = [...plan.actions]
      .sort((a, b) => a.at - b.at)
      .map((action) => ({ ...action, at: action.at - first }))
  }

  async play(zero: number): Promise<Active[]> {
    const waiting = [...this.#actions]
    try {
      for (;;) {
        const next = waiting[0]
        const ending = this.#nextEnding()
        if (next === undefined && ending === undefined) break
        const isAction = next !== undefined && zero + next.at <= (ending?.undoesAt ?? Number.POSITIVE_INFINITY)
        await this.#until(isAction ? zero + next.at : ending!.undoesAt!)
        if (isAction) await this.#begin(waiting.shift()!)
        else await this.#undo(ending!)
      }
    } finally {
      // What has no end of its own is over with the plan; what was interrupted is undone now.
      for (const one of [...this.#active].reverse()) {
        if (one.undoneAt !== null) continue
        // One that cannot be undone keeps none of the others from it; the journal still has it.
        await this.#undo(one).catch((error) => this.#stage.says(`NOT undone: ${reasonOf(error)}`))
      }
    }
    return this.#active
  }

  #nextEnding(): Active | undefined {
    return this.#active
      .filter((one) => one.undoneAt === null && one.undoesAt !== null)
      .sort((a, b) => a.undoesAt! - b.undoesAt!)[0]
  }

  async #until(instant: number): Promise<void> {
    for (let left = instant - monotonicMs(); left > 0; left = instant - monotonicMs()) {
      if (this.#stage.stops()) throw new Interrupted()
      await sleep(Math.min(left, 50))
    }
    if (this.#stage.stops()) throw new Interrupted()
  }

  async #begin(action: FaultAction): Promise<void> {
    const { cluster, config, journal, says } = this.#stage
    const facts = await cluster.facts.look()
    const pick = (count: number) => integerBelow(this.#streams.stream('replay/pick'), count)
    const resolve = (texts: readonly string[]) => resolveAll(texts, config, facts, pick)
    const on = resolve(action.on)
    if (on.length === 0) throw new Refusal(`${labelOf(action)}: nobody is ${action.on.join(', ')} at this moment`)
    const operations = operationsOf(action, on, resolve(action.from), config.nodes.length)
    const undo = operations.flatMap((operation) => cluster.says(operation, true))
    const lasts = lastsOf(action)
    const id = journal.begins({ operations, lasts }, undo)
    says(labelOf(action))
    const one: Active = { id, action, operations, at: monotonicMs(), undoesAt: null, undoneAt: null }
    this.#active.push(one)
    const at = await cluster.control.begin(operations, lasts)
    this.#active[this.#active.indexOf(one)] = { ...one, at, undoesAt: lasts === null ? null : at + lasts }
  }

  async #undo(one: Active): Promise<void> {
    const { cluster, journal, says } = this.#stage
    says(`undo ${labelOf(one.action)}`)
    one.undoneAt = await cluster.control.undo(one.operations, lastsOf(one.action))
    journal.undone(one.id)
  }
}
