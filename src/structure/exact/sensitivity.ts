import { meanOf } from '../../engine/distribution.ts'
import { compileModel } from '../compile.ts'
import type { PartGroup, PartModel } from '../model.ts'
import { scaled } from '../moments.ts'
import { combine } from './combine.ts'
import { couple, influencesOf } from './coupling.ts'
import { eventAlone, isAlone, type Marginal, partAlone } from './marginal.ts'
import { longRunUnavailability } from './solve.ts'

/** How much the long-run unavailability moves with an input: its elasticity, d ln U / d ln (mean of the input). */
export interface Elasticity {
  /** As the model spells it: `server.every`, `server.lasts`. */
  readonly input: string
  readonly elasticity: number
}

/** How much of the loss hangs on one part, in the field's measures. */
export interface PartImportance {
  readonly part: string
  /** P(down | part down) − P(down | part up). */
  readonly birnbaum: number
  /** Birnbaum times the part's own unavailability over the service's: P(part down and critical | service down). */
  readonly criticality: number
  /** 1 − U(part never down) / U: by what share the loss would fall. */
  readonly fussellVesely: number
  /** U(part always down) / U. */
  readonly riskAchievement: number
}

/** Steps of the logarithm for central differences, combined to fourth order (Richardson). */
const STEP = 2 ** -9

/**
 * Elasticities of a service's long-run unavailability to every mean time to failure and to repair it depends on, largest
 * first. Central differences of exact solutions: right to some nine digits. Shapes stay as they are.
 *
 * @returns null where the service has no exact answer
 */
export function elasticities(model: PartModel, service: string): Elasticity[] | null {
  const base = longRunUnavailability(model, service)
  if (base === null || base === 0) return null
  const found: Elasticity[] = []
  for (const [g, { name, every, modes }] of model.groups.entries()) {
    for (const input of ['every', 'lasts'] as const) {
      if (input === 'every' ? every === null : modes.length === 0) continue
      const logAt = (step: number) =>
        Math.log(longRunUnavailability(withMean(model, g, input, Math.exp(step)), service) ?? Number.NaN)
      const slope = (step: number) => (logAt(step) - logAt(-step)) / (2 * step)
      const elasticity = (4 * slope(STEP) - slope(2 * STEP)) / 3
      if (Number.isNaN(elasticity)) return null
      // Below this is rounding: the service does not depend on it.
      if (Math.abs(elasticity) > 1e-9) found.push({ input: `${name}.${input}`, elasticity })
    }
  }
  return found.sort((a, b) => Math.abs(b.elasticity) - Math.abs(a.elasticity))
}

/**
 * Importance of each part of a service whose parts do not influence one another, the most critical first; exact.
 *
 * @returns null where parts influence one another (crews, shocks, roles), or there are too many combinations
 */
export function importances(model: PartModel, service: string): PartImportance[] | null {
  const compiled = compileModel(model)
  const { condition } = model.services.find(({ name }) => name === service)!
  const coupling = couple(compiled)
  const modules = [...new Set([...influencesOf(coupling, condition)].map((thing) => coupling.moduleOf[thing]!))]
  const marginals: Marginal[] = []
  const parts: number[] = []
  for (const number of modules) {
    const module = coupling.modules[number]!
    if (!isAlone(compiled, module)) return null
    const part = module.parts[0] ?? -1
    if (model.maintenance.some(({ group }) => part >= 0 && compiled.groupOf[part] === group)) return null
    parts.push(part)
    marginals.push(part >= 0 ? partAlone(compiled, part) : eventAlone(compiled, module.events[0]!))
  }
  const lossWith = (place: number, shares: readonly number[]) =>
    combine(
      compiled,
      condition,
      marginals.map((marginal, i) => (i === place ? { ...marginal, shares } : marginal)),
      false,
    )?.unavailability ?? null
  const found: PartImportance[] = []
  for (const [place, part] of parts.entries()) {
    const { shares } = marginals[place]!
    if (part < 0 || shares.length < 2) continue
    const [up, down, now] = [lossWith(place, [1, 0]), lossWith(place, [0, 1]), lossWith(place, shares)]
    if (up === null || down === null || now === null || now === 0) return null
    const birnbaum = down - up
    if (birnbaum === 0) continue
    found.push({
      part: compiled.names[part]!,
      birnbaum,
      criticality: (birnbaum * shares[1]!) / now,
      fussellVesely: 1 - up / now,
      riskAchievement: down / now,
    })
  }
  return found.sort((a, b) => b.criticality - a.criticality || (a.part < b.part ? -1 : 1))
}

/** The model with a mean changed by a factor, the shape of its law kept. */
export function withMean(model: PartModel, group: number, input: 'every' | 'lasts', factor: number): PartModel {
  const change = (of: PartGroup): PartGroup =>
    input === 'every'
      ? { ...of, every: of.every === null ? null : scaled(of.every, factor) }
      : { ...of, modes: of.modes.map((mode) => ({ ...mode, lasts: scaled(mode.lasts, factor) })) }
  return { ...model, groups: model.groups.map((of, g) => (g === group ? change(of) : of)) }
}

/** The mean of an input (ms). */
export function meanOfInput({ every, modes }: PartGroup, input: 'every' | 'lasts'): number {
  if (input === 'every') return every === null ? Number.POSITIVE_INFINITY : meanOf(every)
  return modes.reduce((sum, { share, lasts }) => sum + share * meanOf(lasts), 0)
}
