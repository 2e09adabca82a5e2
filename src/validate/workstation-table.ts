import { HOUR } from '../base/units.ts'
import type { PartModel } from '../structure/model.ts'
import { exactAnswers } from './answers.ts'
import { workstations } from './oracle-systems.ts'
import { WORKSTATIONS, WORKSTATIONS_LARGE } from './part-tables-values.ts'
import { within } from './relative-error.ts'
import type { ValidationCase, ValidationOptions } from './validation-case.ts'

/** Relative error where the table prints all digits. */
const ALL_DIGITS = 1e-9
/** Half a unit of the last decimal of numbers of repairs. */
const REPAIRS_ROUNDING = 0.51e-8

/** T1: the dependable workstation cluster. */
export function* workstationCases({ fast }: ValidationOptions): Iterable<ValidationCase> {
  for (const row of WORKSTATIONS) {
    if (fast && row.perSide > 8) continue
    const { perSide } = row
    const of = clusterOf(perSide)
    const at = row.times.map(({ hours }) => hours * HOUR)
    const minimum = exactAnswers(of, 'minimum', Math.max(...at), at)
    const premium = exactAnswers(of, 'premium', HOUR, [])
    const name = (what: string) => `${perSide} a side, ${what}`
    yield within('T1', name('not premium'), 1 - row.premium, premium.steady.longRun.unavailability, 1e-8)
    yield within('T1', name('not minimum'), row.notMinimum, minimum.steady.longRun.unavailability, ALL_DIGITS)
    for (const [i, time] of row.times.entries()) {
      const got = minimum.fresh.at![i]!
      yield within('T1', name(`below minimum by ${time.hours} h`), time.by, got.hadOutage, ALL_DIGITS)
      yield within('T1', name(`below minimum at ${time.hours} h`), time.at, got.down, ALL_DIGITS)
      yield within('T1', name(`hours below in ${time.hours} h`), time.lost, got.lostMs / HOUR, ALL_DIGITS)
    }
    yield* repairCases(row)
  }
  if (!fast) yield* largeCases()
}

function clusterOf(perSide: number): PartModel {
  return workstations(perSide, Math.floor(0.75 * perSide))
}

/**
 * Workstations in operation, and repairs that were completed: a part that is up fails at the rate 1 / MTTF, and all its
 * failures but one that is still down have been repaired.
 */
function* repairCases({ perSide, operational, times }: (typeof WORKSTATIONS)[number]): Iterable<ValidationCase> {
  const name = (what: string) => `${perSide} a side, ${what}`
  const at = times.map(({ hours }) => hours * HOUR)
  const of = clusterOf(perSide)
  const parts = [
    { part: 0, count: 2 * perSide, mttf: 500 },
    { part: 2 * perSide, count: 2, mttf: 4000 },
    { part: 2 * perSide + 2, count: 1, mttf: 5000 },
  ].map(({ part, count, mttf }) => {
    const services = [{ name: 'one', condition: { kind: 'part', part } as const }]
    return { count, mttf, one: exactAnswers({ ...of, services }, 'one', Math.max(...at), at) }
  })
  const up = 100 * (1 - parts[0]!.one.steady.longRun.unavailability)
  yield within('T1', name('workstations in operation (%)'), operational, up, 1e-11)
  for (const [i, { hours, repairs }] of times.entries()) {
    const completed = parts.reduce((sum, { count, mttf, one }) => {
      const { lostMs, down } = one.fresh.at![i]!
      return sum + count * ((hours - lostMs / HOUR) / mttf - down)
    }, 0)
    yield within('T1', name(`repairs in ${hours} h`), repairs, completed, REPAIRS_ROUNDING / repairs)
  }
}

/** What is published of larger ones, as intervals. */
function* largeCases(): Iterable<ValidationCase> {
  const { hoursBelow, notPremium } = WORKSTATIONS_LARGE
  const at = hoursBelow.hours * HOUR
  const below = exactAnswers(clusterOf(hoursBelow.perSide), 'minimum', at, [at]).fresh.at![0]!.lostMs / HOUR
  const what = `${hoursBelow.perSide} a side, hours below in ${hoursBelow.hours} h`
  yield within('T1', what, hoursBelow.lost, below, hoursBelow.half / hoursBelow.lost)
  const { unavailability } = exactAnswers(clusterOf(notPremium.perSide), 'premium', HOUR, []).steady.longRun
  const name = `${notPremium.perSide} a side, not premium`
  yield within('T1', name, notPremium.lost, unavailability, notPremium.half / notPremium.lost)
}
