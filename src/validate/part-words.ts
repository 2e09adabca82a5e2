import { HOUR } from '../base/units.ts'
import { type Distribution, exponential, lognormalOfMean, weibullOfMean } from '../engine/distribution.ts'
import type { Condition, Crew, PartGroup, PartModel, Role } from '../structure/model.ts'

// Short ways to write part models. Times in hours.
export const exp = (hours: number): Distribution => exponential(hours * HOUR)
export const weibull = (hours: number, shape: number): Distribution => weibullOfMean(hours * HOUR, shape)
export const lognormal = (hours: number, sigma: number): Distribution => lognormalOfMean(hours * HOUR, sigma)
export const fixedH = (hours: number): Distribution => ({ kind: 'fixed', value: hours * HOUR })

export const part = (index: number): Condition => ({ kind: 'part', part: index })
export const atLeast = (count: number, of: readonly number[]): Condition => ({
  kind: 'at-least',
  count,
  of: of.map(part),
})
export const all = (...of: Condition[]): Condition => ({ kind: 'all', of })
export const any = (...of: Condition[]): Condition => ({ kind: 'any', of })
export const service = (index: number): Condition => ({ kind: 'service', service: index })
export const roleHeld = (index: number): Condition => ({ kind: 'role', role: index })
export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

export function group(
  name: string,
  count: number,
  every: Distribution | null,
  lasts: Distribution,
  more: Partial<PartGroup> = {},
): PartGroup {
  return {
    name,
    count,
    every,
    modes: [{ share: 1, lasts }],
    needs: Array.from({ length: count }, () => null),
    ages: 'always',
    onLoss: 'unreachable',
    ...more,
  }
}

export function crew(serves: readonly number[], more: Partial<Crew> = {}): Crew {
  return { name: 'team', size: 1, serves, order: 'fcfs', preEmpts: false, reaches: null, ...more }
}

export function role(among: readonly number[], more: Partial<Role> = {}): Role {
  return { name: 'leader', among, while: null, handOver: fixedH(0), fails: 0, ...more }
}

export function model(parts: Partial<PartModel> & Pick<PartModel, 'groups'>): PartModel {
  return { crews: [], commonCauses: [], maintenance: [], roles: [], services: [], ...parts }
}
