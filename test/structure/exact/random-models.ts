import { HOUR } from '../../../src/base/units.ts'
import { integerBelow, type Random } from '../../../src/engine/random.ts'
import type {
  CommonCause,
  Condition,
  Crew,
  Maintenance,
  PartGroup,
  PartModel,
  Role,
} from '../../../src/structure/model.ts'
import { atLeast, exp, group, model, part, range } from '../models.ts'

/** A small system with anything a part model can say whose exact answer is known to exist; all by chance. */
export function randomModel(chance: Random): PartModel {
  const below = (n: number) => integerBelow(chance, n)
  const yes = (share: number) => chance.next() < share
  const pick = <T>(of: readonly T[]): T => of[below(of.length)]!
  const hours = (low: number, high: number) => Math.round(low * (high / low) ** chance.next() * 10) / 10
  const groupCount = 1 + below(3)
  const counts = range(0, groupCount).map(() => 1 + below(3))
  const total = counts.reduce((sum, count) => sum + count, 0)
  const groups = counts.map((count, g): PartGroup => {
    const needs = g > 0 && yes(0.5) ? range(0, count).map((k) => part(k % counts[0]!)) : range(0, count).map(() => null)
    const modes = yes(0.3)
      ? [
          { share: 0.25, lasts: exp(hours(2, 40)) },
          { share: 0.75, lasts: exp(hours(2, 40)) },
        ]
      : [{ share: 1, lasts: exp(hours(4, 40)) }]
    return group(`g${g}`, count, exp(hours(50, 400)), exp(1), {
      modes,
      needs,
      ages: pick(['always', 'while-up']),
      onLoss: pick(['unreachable', 'crash']),
    })
  })
  const crews: Crew[] = []
  if (yes(0.7)) {
    const order = pick(['fcfs', 'random', 'race', 'processor-sharing', 'priority'] as const)
    const serves = range(0, groupCount).filter(() => yes(0.8))
    const reaches = order === 'race' || yes(0.3) ? exp(hours(0.5, 3)) : null
    const preEmpts = (order === 'random' || order === 'priority') && yes(0.5)
    if (serves.length > 0) crews.push({ name: 'team', size: 1 + below(2), serves, order, preEmpts, reaches })
  }
  const commonCauses: CommonCause[] = range(0, groupCount)
    .filter(() => yes(0.3))
    .map((g) => ({ name: `c${g}`, group: g, beta: 0.3 * chance.next(), kind: pick(['shock', 'event', 'propagation']) }))
  const quorum = (): Condition => atLeast(1 + below(total), range(0, total))
  const services = [{ name: 'some', condition: quorum() }]
  const roles: Role[] = []
  if (yes(0.3)) {
    const among = range(0, counts[0]!)
    const whileHolds: Condition | null = yes(0.5) ? atLeast(1, among) : null
    const handOver = pick([exp(hours(1, 4)), { kind: 'fixed', value: 2 * HOUR } as const])
    roles.push({ name: 'leader', among, while: whileHolds, handOver, fails: yes(0.5) ? 0.2 : 0 })
    services.push({ name: 'led', condition: { kind: 'all', of: [{ kind: 'role', role: 0 }, services[0]!.condition] } })
  }
  const maintenance: Maintenance[] = []
  if (roles.length === 0 && yes(0.25)) {
    const guard = pick(['none', 'all-up', services[0]!.condition] as const)
    const members = counts[0]!
    maintenance.push({ name: 'reboot', group: 0, every: 40 * HOUR, lasts: 2 * HOUR, apart: 3 * HOUR * members, guard })
  }
  return model({ groups, crews, commonCauses, roles, services, maintenance })
}
