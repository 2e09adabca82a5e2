import { HOUR, type Ms, ms } from '../base/units.ts'
import { RandomStreams } from '../engine/random.ts'
import { Simulation } from '../engine/simulation.ts'
import { OutageRecorder } from '../observe/outage-recorder.ts'
import type { PartModel } from '../structure/model.ts'
import { PartSystem } from '../structure/part-system.ts'
import { solveRarely } from '../structure/rare/solve.ts'
import { exactAnswers } from './answers.ts'
import { majority } from './oracle-systems.ts'
import { COMMON_CAUSE, DATABASE, INDEPENDENT, RAID, REPAIRABLE } from './part-tables-values.ts'
import { all, atLeast, crew, exp, fixedH, group, model, range } from './part-words.ts'
import { rounding, within } from './relative-error.ts'
import { judged, type ValidationCase, type ValidationOptions } from './validation-case.ts'

const STANDARD_ERRORS = 4

/** T5: k of n, independent, repairable with crews, with a common cause. */
export function* quorumCases(): Iterable<ValidationCase> {
  for (const { down, members, lost } of INDEPENDENT) {
    const of = majority(members, exp(1 - down), exp(down))
    const { unavailability } = exactAnswers(of, 'quorum', HOUR, []).steady.longRun
    yield within('T5', `${members} members, each down ${down} of the time`, lost, unavailability, rounding(lost, 5))
  }
  for (const row of REPAIRABLE) {
    const crews = row.crews === row.members ? [] : [crew([0], { size: row.crews })]
    const of = majority(row.members, exp(2000), exp(4), { crews })
    const { steady, fresh } = exactAnswers(of, 'quorum', HOUR, [])
    const name = (what: string) => `${row.members} members, ${row.crews} crews, ${what}`
    yield within('T5', name('unavailability'), row.lost, steady.longRun.unavailability, rounding(row.lost, 7))
    yield within('T5', name('first outage (h)'), row.first, fresh.firstOutageMs! / HOUR, rounding(row.first, 6))
  }
  for (const { beta, members, lost } of COMMON_CAUSE) {
    const commonCauses = [{ name: 'cause', group: 0, beta, kind: 'event' } as const]
    const of = majority(members, exp(2000), exp(4), { commonCauses })
    const { unavailability } = exactAnswers(of, 'quorum', HOUR, []).steady.longRun
    yield within('T5', `${members} members, ${100 * beta} % common`, lost, unavailability, rounding(lost, 7))
  }
}

/** The database with redundancy: sets of processors and controllers, clusters of disks, two kinds of repair. */
export function database(redundancy: number, mttf: number): PartModel {
  const modes = [
    { share: 0.5, lasts: exp(1) },
    { share: 0.5, lasts: exp(2) },
  ]
  const sizes = [...range(0, 4).map(() => redundancy), ...range(0, 6).map(() => redundancy + 2)]
  let first = 0
  const conditions = sizes.map((count, i) => {
    first += count
    return atLeast(i < 4 ? 1 : 3, range(first - count, first))
  })
  const groups = sizes.map((count, i) =>
    group(`set-${i}`, count, exp(((i < 4 ? 1 : 3) * mttf * redundancy) / 2), exp(1), { modes }),
  )
  return model({ groups, services: [{ name: 'up', condition: all(...conditions) }] })
}

/** T6a, without propagation: the computing system, everybody repaired at once or by one repairman in random order. */
export function* computingCases({ seed, fast }: ValidationOptions): Iterable<ValidationCase> {
  const together = exactAnswers(database(2, 2000), 'up', HOUR, []).steady.longRun.unavailability
  yield within('T6a', 'everybody at once', 4.494745796e-6, together, 2e-9)
  const inTurn = { ...database(2, 2000), crews: [crew(range(0, 10), { order: 'random' })] }
  if (!fast) {
    const { unavailability } = exactAnswers(inTurn, 'up', HOUR, []).steady.longRun
    yield within('T6a', 'one repairman, random order, exact', 1.02276e-5, unavailability, 1e-5)
  }
  yield biased('T6a', 'one repairman, random order', inTurn, 1.02276e-5, seed)
}

/** T6b: ever rarer outages of the database with redundancy. */
export function* databaseCases({ seed, fast }: ValidationOptions): Iterable<ValidationCase> {
  for (const { redundancy, mttf, lost } of DATABASE) {
    const of = database(redundancy, mttf)
    const { unavailability } = exactAnswers(of, 'up', HOUR, []).steady.longRun
    const name = `redundancy ${redundancy}, MTTF ${mttf} h`
    yield within('T6b', `${name}, exact`, lost, unavailability, rounding(lost, 10))
    if (!fast || mttf === 2000) yield biased('T6b', name, of, lost, seed)
  }
}

function biased(table: string, name: string, of: PartModel, expected: number, seed: string): ValidationCase {
  const outcome = solveRarely(of, { service: 'up', seed, precision: 0.02 })
  if (outcome.kind === 'refused') throw new Error(outcome.reason)
  const { mean, lo, hi } = outcome.service.unavailability
  const error = ((hi ?? mean) - lo) / 3.92
  return judged({
    table,
    case: `${name}, biased cycles`,
    expected: String(expected),
    computed: `${mean.toPrecision(5)} ± ${error.toPrecision(2)}`,
    measure: 'standard errors',
    distance: Math.abs(mean - expected) / error,
    limit: STANDARD_ERRORS,
  })
}

/** T7: mean time to data loss of disk arrays. */
export function* raidCases(): Iterable<ValidationCase> {
  for (const { disks, tolerates, mttf, mttr, serial, hours } of RAID) {
    const of = model({
      groups: [group('disk', disks, exp(mttf), exp(mttr))],
      crews: serial ? [crew([0])] : [],
      services: [{ name: 'data', condition: atLeast(disks - tolerates, range(0, disks)) }],
    })
    const { firstOutageMs } = exactAnswers(of, 'data', HOUR, []).fresh
    const how = tolerates === 1 ? '' : serial ? ', rebuilt one by one' : ', rebuilt in parallel'
    const name = `${disks} disks, tolerates ${tolerates}${how}`
    yield within('T7', name, hours, firstOutageMs! / HOUR, rounding(hours, 6))
  }
}

/** T11: two parts in series with fixed lives that do not age while the system is down. */
export function* deterministicCases(): Iterable<ValidationCase> {
  const horizon = ms(300 * HOUR)
  const of = model({
    groups: [
      group('a', 1, fixedH(100), fixedH(10), { needs: [{ kind: 'part', part: 1 }], ages: 'while-up' }),
      group('b', 1, fixedH(120), fixedH(10), { needs: [{ kind: 'part', part: 0 }], ages: 'while-up' }),
    ],
    services: [
      { name: 'system', condition: { kind: 'all', of: [0, 1].map((part) => ({ kind: 'part', part }) as const) } },
    ],
  })
  const simulation = new Simulation(new RandomStreams('T11', 0))
  const recorder = new OutageRecorder({ horizonMs: horizon, at: [] })
  const system: PartSystem = new PartSystem(simulation, of, {
    start: 'all-up',
    listener: { serviceChanged: () => record() },
  })
  const record = () => recorder.change(simulation.now, system.serviceHolds(0) ? 1 : 0, 'parts', 'parts', () => '')
  simulation.run(horizon)
  const sample = recorder.finish(horizon as Ms)
  yield within('T11', 'system failures in 300 h', 4, sample.outages, 0)
  yield within('T11', 'hours down', 40, sample.lostMs / HOUR, 0)
  yield within('T11', 'availability', 260 / 300, 1 - sample.lostMs / horizon, 1e-12)
}
