import type * as Solve from '../../src/structure/exact/solve.ts'
import type * as Rare from '../../src/structure/rare/solve.ts'
import type * as Systems from '../../src/validate/oracle-systems.ts'
import type * as Tables from '../../src/validate/part-tables.ts'
import type * as Words from '../../src/validate/part-words.ts'
import { built } from './built.ts'
import { cpuTime, figure, report } from './measure.ts'

const HOUR = 3_600_000

/** Exact solutions by size of the chain, and biased cycles to a precision, in CPU time from cold. */
export async function benchSolvers(): Promise<void> {
  const { solveExactly } = await built<typeof Solve>('structure/exact/solve')
  const { solveRarely } = await built<typeof Rare>('structure/rare/solve')
  const { majority, workstations } = await built<typeof Systems>('validate/oracle-systems')
  const { database } = await built<typeof Tables>('validate/part-tables')
  const { atLeast, crew, exp, group, model, range } = await built<typeof Words>('validate/part-words')
  const seconds = (work: () => void) => cpuTime(1, work) / 1e9
  const solve = (of: Parameters<typeof solveExactly>[0], service: string, at: readonly number[] = []) => {
    const start = at.length > 0 ? 'all-up' : 'steady'
    const horizon = Math.max(1, ...at) * HOUR
    const request = { services: [service], start, horizon, at: at.map((hours) => hours * HOUR) } as const
    const outcome = solveExactly(of, { ...request, fit: false, effort: 'all', objectives: [null] })
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    return outcome.services[0]!.states
  }
  const exact = (what: string, work: () => number) => {
    let states = 0
    const spent = seconds(() => {
      states = work()
    })
    report(`exact: ${what}`, `${figure(spent)} s of CPU, ${figure(states)} states`)
  }
  const unlike = (count: number) =>
    model({
      groups: range(0, count).map((i) => group(`server-${i}`, 1, exp(1000 + 10 * i), exp(8 + i / 10))),
      services: [{ name: 'quorum', condition: atLeast((count >> 1) + 1, range(0, count)) }],
    })
  exact('12 unlike servers', () => solve(unlike(12), 'quorum'))
  exact('16 unlike servers', () => solve(unlike(16), 'quorum'))
  const shared = { ...unlike(16), crews: [crew(range(0, 16), { order: 'processor-sharing' })] }
  exact('16 unlike servers, one crew', () => solve(shared, 'quorum'))
  exact('workstation cluster, N = 16, at 20, 85, 2000 h', () => solve(workstations(16, 12), 'minimum', [20, 85, 2000]))
  exact('workstation cluster, N = 64', () => solve(workstations(64, 48), 'minimum'))
  const rare = (what: string, of: Parameters<typeof solveRarely>[0], service: string, precision: number) => {
    let line = ''
    const spent = seconds(() => {
      const outcome = solveRarely(of, { service, seed: 'bench', precision })
      if (outcome.kind === 'refused') throw new Error(outcome.reason)
      const { unavailability, cycles, workNormalisedVariance } = outcome.service
      const gain = workNormalisedVariance.naive / workNormalisedVariance.rare
      line = `${figure(cycles)} cycles, U = ${unavailability.mean.toExponential(2)}, ${gain.toExponential(1)} × less work than plain cycles`
    })
    report(`rare: ${what}`, `${figure(spent)} s of CPU, ${line}`)
  }
  rare('majority of 5, MTTF 1 y, to 10 %', majority(5, exp(8760), exp(1)), 'quorum', 0.1)
  rare('majority of 7, MTTF 2000 h, to 1 %', majority(7, exp(2000), exp(4)), 'quorum', 0.01)
  rare('database, RED = 3, to 1 %', database(3, 2000), 'up', 0.01)
  rare('database, RED = 4, to 1 %', database(4, 2000), 'up', 0.01)
  rare('unlike servers, one crew, to 1 %', { ...unlike(5), crews: [crew(range(0, 5))] }, 'quorum', 0.01)
}
