import { assert } from '../base/assert.ts'
import type { Problem } from '../base/result.ts'
import { chooseSolver, walksCycles } from './choose-solver.ts'
import type { ExperimentConfig } from './config.ts'
import { exactResult } from './exact-result.ts'
import { rareResult } from './rare-result.ts'
import type { ResultFile, RunFacts } from './result.ts'
import { type OutsideFacts, type Replicate, simulate } from './runner.ts'

/** What stands in the way of the solver that an experiment asks for; nothing: it can be run. */
export function solverProblems(config: ExperimentConfig): Problem[] {
  return chooseSolver(config).flatMap(({ solver, refused }, i) =>
    solver !== 'simulate' && refused !== null
      ? [{ path: '--solver', message: `${config.variants[i]!.id} cannot be solved (${solver}): ${refused}` }]
      : [],
  )
}

/** Whether an experiment is answered by replications: neither exactly nor by cycles of a chain. */
export function needsReplications(config: ExperimentConfig): boolean {
  const [choice] = chooseSolver(config)
  return choice?.solver === 'simulate' || walksCycles(config)
}

/** The result of an experiment that needs no replications, solved exactly or by cycles of a chain; null: it needs them. */
export function solvedResult(config: ExperimentConfig, hasim: string, run: RunFacts): ResultFile | null {
  if (needsReplications(config)) return null
  const isExact = chooseSolver(config)[0]!.solver === 'exact'
  return isExact ? exactResult(config, hasim, run) : rareResult(config, hasim, run)
}

/**
 * From a configuration to its result by the solver that answers it, in this thread: for notebooks, browsers and programs.
 * @param replicate how a replication is done, where there is one to do
 * @throws AssertionFailure where {@link solverProblems} has something to say
 */
export function runExperiment(config: ExperimentConfig, replicate: Replicate, facts: OutsideFacts): ResultFile {
  const [problem] = solverProblems(config)
  assert(problem === undefined, problem?.message ?? '')
  const { hasim, wallSeconds, cpuSeconds, workers } = facts
  const solved = solvedResult(config, hasim, { wallSeconds, cpuSeconds, events: 0, workers, partial: false })
  return solved ?? simulate(config, replicate, facts)
}
