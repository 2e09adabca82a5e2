import { loadSolver, type Minimise } from './linear-programme.ts'
import {
  capacityOf,
  latencyOf,
  loadOf,
  networkLoadOf,
  optimalStrategy,
  type ReadMix,
  uniformStrategy,
} from './quorum-strategy.ts'
import { type QuorumSystem, resilienceOf } from './quorum-system.ts'
import {
  alike,
  GRID_2X2,
  GRID_2X3,
  MAJORITY_OF_3,
  PUBLISHED_CAPACITIES,
  STUDY,
  STUDY_MAJORITY,
  STUDY_MIX,
  STUDY_NODES,
  STUDY_RATE,
  STUDY_UNIFORM,
  UNLIKE_READS,
} from './quorum-values.ts'
import { rounding, within } from './relative-error.ts'
import type { ValidationCase } from './validation-case.ts'

const TABLE = 'T4'
/** Relative error of what is known exactly. */
const EXACT = 1e-9

/** T4: quorum systems: losses they survive, what they carry, how quick they are. */
export async function* quorumSystemCases(): AsyncIterable<ValidationCase> {
  const minimise = await loadSolver()
  yield* resilienceCases()
  for (const { name, system, nodes, mix, tolerated, capacity, digits } of PUBLISHED_CAPACITIES) {
    const strategy = optimalStrategy(minimise, system, nodes, mix, { least: 'load', tolerated })
    const limit = digits === null ? EXACT : rounding(capacity, digits)
    yield within(TABLE, `${name}: capacity`, capacity, capacityOf(strategy, nodes, mix), limit)
  }
  const quarter = optimalStrategy(minimise, GRID_2X3, alike(6), [[0.25, 1]], { least: 'load' })
  yield within(TABLE, 'grid 2 x 3, a quarter reads: load', 3 / 8, loadOf(quarter, alike(6), 0.25), EXACT)
  yield* limitCases(minimise)
  yield* studyCases(minimise)
}

function* resilienceCases(): Iterable<ValidationCase> {
  const losses = (name: string, expected: number, { nodes }: QuorumSystem, of: QuorumSystem['reads']) =>
    within(TABLE, name, expected, resilienceOf(nodes, of), 0)
  yield losses('majority of 3: losses that reads survive', 1, MAJORITY_OF_3, MAJORITY_OF_3.reads)
  yield losses('majority of 3: losses that writes survive', 1, MAJORITY_OF_3, MAJORITY_OF_3.writes)
  yield losses('grid 2 x 3: losses that reads survive', 1, GRID_2X3, GRID_2X3.reads)
  yield losses('grid 2 x 3: losses that writes survive', 2, GRID_2X3, GRID_2X3.writes)
}

/** Latency of the strategy of least load, and least latency within a load, with two nodes a request at most. */
function* limitCases(minimise: Minimise): Iterable<ValidationCase> {
  const mix: ReadMix = [[1, 1]]
  const name = 'grid 2 x 2, reads only, two nodes a request'
  const lightest = optimalStrategy(minimise, GRID_2X2, UNLIKE_READS, mix, { least: 'load', network: 2 })
  yield within(TABLE, `${name}: nodes asked`, 2, networkLoadOf(lightest, mix), EXACT)
  yield within(TABLE, `${name}: latency (s)`, 3, latencyOf(GRID_2X2, lightest, UNLIKE_READS, mix), EXACT)
  const quickest = optimalStrategy(minimise, GRID_2X2, UNLIKE_READS, mix, {
    least: 'latency',
    load: 1 / 150,
    network: 2,
  })
  const slowPair = quickest.reads.find(({ set }) => set === 0b0011)?.probability ?? 0
  yield within(TABLE, `${name}, least latency at 150 a second: share of the slow pair`, 1 / 3, slowPair, EXACT)
}

/** The case study. */
function* studyCases(minimise: Minimise): Iterable<ValidationCase> {
  const capacity = (name: string, expected: number, strategy: ReturnType<typeof uniformStrategy>) =>
    within(TABLE, name, expected, capacityOf(strategy, STUDY_NODES, STUDY_MIX), rounding(expected, 6))
  const latency = (
    name: string,
    system: QuorumSystem,
    expected: number,
    strategy: ReturnType<typeof uniformStrategy>,
  ) => within(TABLE, name, expected, latencyOf(system, strategy, STUDY_NODES, STUDY_MIX), rounding(expected, 4))
  const uniform = uniformStrategy(STUDY_MAJORITY)
  yield capacity('case study, majority, uniform: capacity', STUDY_UNIFORM.capacity, uniform)
  yield latency('case study, majority, uniform: latency (s)', STUDY_MAJORITY, STUDY_UNIFORM.latency, uniform)
  for (const row of STUDY) {
    const best = (goal: Parameters<typeof optimalStrategy>[4]) =>
      optimalStrategy(minimise, row.system, STUDY_NODES, STUDY_MIX, goal)
    const name = `case study, ${row.name}`
    yield capacity(`${name}: capacity`, row.capacity, best({ least: 'load' }))
    const surviving = best({ least: 'load', tolerated: 1 })
    yield capacity(`${name}, surviving a loss: capacity`, row.capacityAfterLoss, surviving)
    const quickest = best({ least: 'latency', load: 1 / STUDY_RATE })
    yield latency(`${name}, at ${STUDY_RATE} a second: latency (s)`, row.system, row.latency, quickest)
  }
}
