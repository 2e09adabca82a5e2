import { type CompiledModel, compileModel } from '../compile.ts'
import { longRunOrWhy } from '../exact/solve.ts'
import { isFlat } from '../flat-plan.ts'
import type { Condition, PartModel } from '../model.ts'
import { type Aging, agingOf } from './ages.ts'
import { NEVER_LOST, Nearness } from './nearness.ts'
import { type Source, sourcesOf } from './sources.ts'

/** What cycles of a system are walked with. Times in milliseconds. */
export interface CyclePlan {
  readonly model: PartModel
  /** Services whose loss is sought, by index: those asked for that something that fails can bring down. */
  readonly services: readonly number[]
  readonly conditions: readonly Condition[]
  readonly sources: readonly Source[]
  /** Sum of the rates of all sources. */
  readonly rate: number
  readonly nearness: Nearness
  /** How long everything must have been up for a cycle to be over. */
  readonly settle: number
  /** What parts whose failures have a memory begin with; null: none has. */
  readonly aging: Aging | null
  /** Share of time with everything up, exactly. */
  readonly allUp: number
  /** Exact mean of a cycle, from everything up and settled to the same again. */
  readonly meanLength: number
}

/** With everything up for less of the time than this, cycles are too long to be walked. */
const ALL_UP_MIN = 0.01
/** So are cycles of more failures on average. */
const FAILURES_MAX = 5_000

/**
 * Cycles of a system, whatever the laws of its repairs. Where failures have no memory, everything up is as new; where they
 * have one, cycles begin with ages as the long run has them (`ages.ts`).
 *
 * Their mean length is exact: times of everything up begin as often as they end, so they begin at a rate of Λ P(all up), Λ
 * being the sum of all rates, and a share of e^(−Λ settle) of them lasts long enough to end a cycle (renewal reward).
 *
 * @returns why there are none, in words
 */
export function cyclePlanOf(model: PartModel, services: readonly number[], settle: number): CyclePlan | string {
  const compiled = compileModel(model)
  const sources = without(model) ?? sourcesOf(compiled)
  if (typeof sources === 'string') return sources
  const nearness = new Nearness(compiled, sources)
  const conditionOf = (service: number) => model.services[service]!.condition
  const nothingDown = new Uint8Array(compiled.groupOf.length)
  const lost = services.filter((service) => nearness.of(conditionOf(service), nothingDown, []) > NEVER_LOST)
  const plan = {
    model,
    services: lost,
    conditions: lost.map(conditionOf),
    sources,
    rate: sources.reduce((sum, source) => sum + source.rate, 0),
    nearness,
    settle,
  }
  const isAging = sources.some((source) => hasMemory(compiled, source))
  if (isAging && !isFlat(model)) return 'failures have a memory, and parts influence one another'
  const allUp = allUpOf(model)
  if (typeof allUp === 'string') return `the share of time with everything up has no exact value: ${allUp}`
  if (allUp < ALL_UP_MIN) {
    return `everything is up at once for ${percent(allUp)} of the time; cycles need ${percent(ALL_UP_MIN)}`
  }
  const aging = isAging ? agingOf(model, sources, settle) : null
  if (typeof aging === 'string') return aging
  // Ends of cycles per time of everything up.
  const ends = aging?.ends ?? plan.rate * Math.exp(-plan.rate * settle)
  const failures = plan.rate / (allUp * ends)
  if (failures > FAILURES_MAX) {
    return `a cycle has some ${failures.toPrecision(1)} failures on average; at most ${FAILURES_MAX} can be walked`
  }
  return { ...plan, aging, allUp, meanLength: failures / plan.rate }
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}

function hasMemory(compiled: CompiledModel, { kind, index }: Source): boolean {
  const { failure } = compiled.groups[compiled.groupOf[index]!]!
  return kind === 'part' && failure!.of.kind !== 'exponential'
}

/** What gives a system a memory beyond what is down. */
function without({ maintenance, roles }: PartModel): string | null {
  if (maintenance.length > 0) return `${maintenance[0]!.name} follows the calendar`
  return roles.length > 0 ? `${roles[0]!.name} is held by one of several: everything up is not one state` : null
}

/** Share of the long run in which every part is up and has what it needs, or why that is not to be had. */
function allUpOf(model: PartModel): number | string {
  const down = longRunOrWhy(withEverything(model), EVERYTHING)
  return typeof down === 'string' ? down : 1 - down
}

/** The model with a service that needs every part. */
export function withEverything(model: PartModel): PartModel {
  const of = compileModel(model).names.map((_, part): Condition => ({ kind: 'part', part }))
  return { ...model, services: [...model.services, { name: EVERYTHING, condition: { kind: 'all', of } }] }
}

/** No name of a service in a file can have a space at its end. */
export const EVERYTHING = 'everything '
