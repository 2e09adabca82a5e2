import { assert } from '../../base/assert.ts'
import { MONTH } from '../../base/units.ts'
import { meanOf } from '../../engine/distribution.ts'
import { survivalAt } from '../../engine/survival.ts'
import type { CompiledModel } from '../compile.ts'
import type { ExactInstant, ExactInterval, ExactLongRun, ExactQuantiles, ExactRequest, ExactService } from './answer.ts'
import { explore } from './chain.ts'
import type { ChainSize } from './chain-size.ts'
import type { Loss } from './combine.ts'
import { type Course, courseOf, type Settled } from './course.ts'
import { downtimeBeyond } from './downtime-law.ts'
import type { PhasesOf } from './entity.ts'
import { type FirstDown, firstDownOf } from './first-down.ts'
import { type IndependentCourse, independentCourse, quantilesOf, soleLaw } from './independent.ts'
import { type Joint, JointChains } from './joint.ts'
import type { Explore } from './kept-chains.ts'
import { sumFromSmall } from './long-run.ts'
import { type LongRunAnswer, LongRuns } from './long-runs.ts'
import { entriesOf, meanOutage, outageQuantiles } from './outage-law.ts'

/** Solves the services of one model. */
export class ServiceSolver {
  readonly #compiled: CompiledModel
  readonly #longRuns: LongRuns
  readonly #joints: JointChains

  /** @param findChain how chains are found: explored, unless somebody keeps them */
  constructor(compiled: CompiledModel, size: ChainSize, phasesOf: PhasesOf, findChain: Explore = explore) {
    this.#compiled = compiled
    this.#joints = new JointChains(compiled, size, phasesOf, findChain)
    this.#longRuns = new LongRuns(compiled, this.#joints, size, phasesOf, findChain)
  }

  /** Over time without a chain: parts of any law that do not influence one another. */
  #independent(service: number, request: ExactRequest): IndependentCourse | null {
    const parts = this.#longRuns.independentParts(service)
    if (parts === null || request.start !== 'all-up') return null
    const { condition } = this.#compiled.model.services[service]!
    return independentCourse(this.#compiled, condition, parts, request)
  }

  /** An outage of a single part is its repair. */
  #soleQuantiles(service: number): ExactQuantiles | null {
    const parts = this.#longRuns.independentParts(service)
    const law =
      parts === null ? null : soleLaw(this.#compiled, this.#compiled.model.services[service]!.condition, parts)
    return law === null ? null : quantilesOf(law.repair)
  }

  #withoutChain(name: string, longRun: LongRunAnswer, course: IndependentCourse): Omit<ExactService, 'longRun'> {
    return {
      name,
      interval: course.interval,
      firstOutageMs: course.firstOutageMs,
      noOutageInHorizon: course.noOutageInHorizon,
      at: course.at,
      partlyAt: course.partlyAt,
      probabilityOfMissInAMonth: null,
      probabilityOfMissInHorizon: null,
      method: `${longRun.method}; over time by renewal equations, to some seven digits`,
      relativeError: Math.max(longRun.relativeError, INVERSION_ERROR),
      states: longRun.states,
      notes: longRun.notes,
      fit: null,
      unfitted: null,
    }
  }

  /** The first outage of a single part that is new at the start is its first failure, whatever its repair. */
  #soleFirst(service: number, { start, horizon }: ExactRequest): { mean: number; notBy: number } | null {
    const parts = start === 'all-up' ? this.#longRuns.independentParts(service) : null
    const law =
      parts === null ? null : soleLaw(this.#compiled, this.#compiled.model.services[service]!.condition, parts)
    return law === null ? null : { mean: meanOf(law.failure), notBy: survivalAt(law.failure, horizon) }
  }

  /** The share of time a service is down in the long run, and nothing else; or why that is not to be had. */
  unavailability(name: string): number | string {
    const service = this.#compiled.model.services.findIndex((one) => one.name === name)
    const longRun = this.#longRuns.of(service, 'unavailability')
    return 'refused' in longRun ? longRun.refused : longRun.loss.unavailability
  }

  /** The share of the time from all up to `horizon` that a service is down, and nothing else; null: not to be had. */
  unavailabilityFromAllUp(name: string, horizon: number): number | null {
    const service = this.#compiled.model.services.findIndex((one) => one.name === name)
    const joint = this.#joints.of(service)
    if ('refused' in joint) {
      const request = { start: 'all-up', horizon, at: [] } as const
      const lost = this.#independent(service, { ...JUST_LOSS, ...request })?.interval?.lostMs
      return lost === undefined ? null : lost / horizon
    }
    if (joint.chain.general.some((role) => role >= 0)) return null
    const longRun = this.#longRuns.of(service)
    const settled = 'refused' in longRun ? null : settledOf(joint, longRun.loss)
    const course = courseOf(joint.chain, joint.up, startOf(joint), [horizon], settled)
    return course === null ? null : course.lost(horizon) / horizon
  }

  solve(name: string, request: ExactRequest, objective: number | null): ExactService | { readonly refused: string } {
    const service = this.#compiled.model.services.findIndex((one) => one.name === name)
    assert(service >= 0, `the model has the service ${name}`)
    const longRun = this.#longRuns.of(service)
    if ('refused' in longRun) return longRun
    const joint = this.#joints.of(service)
    const timed = 'refused' in joint ? null : new TimedSolver(joint, longRun.loss, request)
    const apart = 'refused' in joint ? this.#independent(service, request) : null
    if (apart !== null)
      return { ...this.#withoutChain(name, longRun, apart), longRun: longRunOf(longRun.loss, apart.quantiles) }
    const sole = this.#soleFirst(service, request)
    return {
      name,
      longRun: longRunOf(longRun.loss, timed?.quantiles() ?? this.#soleQuantiles(service)),
      interval: timed?.interval() ?? null,
      firstOutageMs: timed?.firstDown?.mean ?? sole?.mean ?? null,
      noOutageInHorizon: timed?.firstDown?.law?.notBy(request.horizon) ?? sole?.notBy ?? null,
      at: timed?.at() ?? null,
      partlyAt: timed?.at() == null ? (timed?.partlyAt() ?? null) : null,
      probabilityOfMissInAMonth: objective === null || timed === null ? null : timed.missInAMonth(objective),
      probabilityOfMissInHorizon: objective === null || timed === null ? null : timed.missInHorizon(objective),
      method: longRun.method,
      relativeError: longRun.relativeError,
      states: 'refused' in joint ? longRun.states : joint.chain.size,
      notes: [...longRun.notes, ...('refused' in joint ? [joint.refused] : joint.notes)],
      fit: null,
      unfitted: null,
    }
  }
}

/** A request of which only the time lost matters. */
const JUST_LOSS = { services: [], fit: false, effort: 'some', objectives: [] } as const

function longRunOf(loss: Loss, quantiles: ExactQuantiles | null): ExactLongRun {
  const { unavailability, frequency } = loss
  return {
    unavailability,
    outagesPerMs: frequency,
    meanOutageMs: frequency > 0 ? unavailability / frequency : null,
    outageQuantilesMs: frequency > 0 ? quantiles : null,
  }
}

/** What the inversion of transforms and the integral over time leave, relative: held against reference values. */
const INVERSION_ERROR = 3e-7

/** Multiplications after which the law of the time down is given up on: some seconds, or one. */
const MISS_WORK_MAX = { all: 5e8, some: 1e8 }

/** What needs the chain of all that a service depends on: everything over time. */
class TimedSolver {
  readonly firstDown: FirstDown | null
  readonly #joint: Joint
  readonly #request: ExactRequest
  /** Probability of each state at t = 0; null: not known. */
  readonly #start: Float64Array | null
  readonly #course: Course | null

  constructor(joint: Joint, loss: Loss, request: ExactRequest) {
    const { chain, up, longRun } = joint
    this.#joint = joint
    this.#request = request
    const latest = Math.max(request.horizon, ...request.at)
    const start = request.start === 'all-up' ? startOf(joint) : (longRun?.shares ?? null)
    this.#start = start
    this.firstDown = start === null ? null : firstDownOf(chain, up, start, latest)
    const isPlain = chain.general.every((role) => role < 0)
    const settled = settledOf(joint, loss)
    // In the long run nothing changes over time.
    const needsCourse = request.start === 'all-up' && isPlain && start !== null
    this.#course = needsCourse ? courseOf(chain, up, start, [...request.at, request.horizon], settled) : null
  }

  quantiles() {
    const { chain, up, longRun } = this.#joint
    if (this.#request.start === 'all-up') return null
    return longRun === null ? null : outageQuantiles(chain, up, entriesOf(chain, up, longRun.shares))
  }

  interval(): ExactInterval | null {
    const { horizon, start } = this.#request
    if (start === 'steady' || this.#course === null) return null
    const { chain, up } = this.#joint
    const course = this.#course
    const entries = entriesOf(chain, up, course.occupancy)
    return {
      lostMs: course.lost(horizon),
      outages: course.outages(horizon),
      meanOutageMs: meanOutage(chain, up, entries),
      outageQuantilesMs: outageQuantiles(chain, up, entries),
    }
  }

  at(): ExactInstant[] | null {
    const law = this.firstDown?.law ?? null
    const partly = law === null ? null : this.partlyAt()
    return partly?.map((known, i) => ({ ...known, hadOutage: law!.by(this.#request.at[i]!) })) ?? null
  }

  /** All but first outages. */
  partlyAt(): Omit<ExactInstant, 'hadOutage'>[] | null {
    const { at, start } = this.#request
    const course = this.#course
    const { up, longRun } = this.#joint
    if (start === 'all-up' ? course === null : longRun === null) return null
    const down = start === 'steady' ? sumFromSmall(longRun!.shares.filter((_, state) => up[state] === 0)) : 0
    return at.map((time) => ({ down: course?.down(time) ?? down, lostMs: course?.lost(time) ?? down * time }))
  }

  /** A month of the long run. */
  missInAMonth(objective: number): number | null {
    return this.#miss(this.#joint.longRun?.shares ?? null, MONTH, objective)
  }

  /** The horizon, from the start that is asked for. */
  missInHorizon(objective: number): number | null {
    return this.#miss(this.#start, this.#request.horizon, objective)
  }

  #miss(start: Float64Array | null, time: number, objective: number): number | null {
    const { chain, up } = this.#joint
    const work = MISS_WORK_MAX[this.#request.effort]
    if (start === null) return null
    return downtimeBeyond({ chain, up, start, time, allowed: (1 - objective) * time }, work)
  }
}

/** What the chain comes to after long enough, so that no step beyond is taken; null: not known. */
function settledOf({ longRun }: Joint, { unavailability, frequency }: Loss): Settled | null {
  return longRun === null ? null : { shares: longRun.shares, down: unavailability, outages: frequency }
}

function startOf({ chain }: Joint): Float64Array {
  const start = new Float64Array(chain.size)
  for (const { state, probability } of chain.start) start[state]! += probability
  return start
}
