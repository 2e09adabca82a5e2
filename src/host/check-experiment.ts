import { fail, type Result } from '../base/result.ts'
import type { GroupSettings } from '../check/arbitrary.ts'
import { groupOf } from '../check/group.ts'
import type { CheckPlan } from '../check/plan.ts'
import { readCheckPlan, writePlan } from '../check/plan-file.ts'
import { type Finding, type SearchResult, search } from '../check/search.ts'
import type { VariantConfig } from '../experiment/config.ts'
import { readExperiment, readModel } from '../experiment/parse.ts'
import type { Violation } from '../observe/invariants/violation.ts'
import { InputFailure, inputFailure } from './failure.ts'
import { readTextFile, writeFileAtomically } from './files.ts'
import { type QuestionOptions, readNamedFile } from './load-experiment.ts'
import { isTerminal, writeErr } from './terminal.ts'

/** What a file gives to check: its name or seed, and its groups, each once. */
export interface CheckSubject {
  readonly seed: string
  readonly groups: readonly GroupSettings[]
}

/**
 * Reads the groups of etcd members in an experiment or a model, in which nothing need fail.
 * @throws InputFailure
 */
export function loadGroups(file: string, options: QuestionOptions): CheckSubject {
  const text = readTextFile(file)
  if (!text.ok) throw new InputFailure(text.problems)
  const { sets, overrides } = options
  const experiment = readExperiment(file, text.value, { readFile: readNamedFile, sets, overrides })
  const model = experiment.ok ? undefined : readModel(file, text.value, { readFile: readNamedFile, sets })
  if (!experiment.ok && model?.ok !== true) throw new InputFailure(experiment.problems)
  const variants: readonly VariantConfig[] = experiment.ok ? experiment.value.variants : model?.ok ? [model.value] : []
  const groups = new Map<string, GroupSettings>()
  for (const { model: config } of variants) {
    if (config.kind !== 'cluster') continue
    const group = groupOf(config.cluster)
    groups.set(JSON.stringify(group), group)
  }
  if (groups.size === 0) throw inputFailure(file, 'has no etcd: a part model keeps no log that could be checked')
  return { seed: overrides.seed ?? (experiment.ok ? experiment.value.seed : file), groups: [...groups.values()] }
}

/** Bounds of a search; null: none. */
export interface CheckLimits {
  readonly runs: number | null
  readonly maxTimeMs: number | null
  readonly quiet: boolean
}

/** Searches each group in turn, until the first violation. */
export function checkGroups({ seed, groups }: CheckSubject, { runs, maxTimeMs, quiet }: CheckLimits): SearchResult {
  const start = performance.now()
  const shows = !quiet && isTerminal('stderr')
  let steps = 0
  let done = 0
  let finding: Finding | undefined
  for (const [at, group] of groups.entries()) {
    const share = runs === null ? Number.POSITIVE_INFINITY : Math.ceil((runs - done) / (groups.length - at))
    const end = maxTimeMs === null ? Number.POSITIVE_INFINITY : start + (maxTimeMs * (at + 1)) / groups.length
    let shown = 0
    const result = search({
      group,
      seed: groups.length === 1 ? seed : `${seed}/${group.members.length}/${group.version}`,
      runs: share,
      isOver: () => performance.now() >= end,
      onProgress: (progress) => {
        if (!shows || performance.now() - shown < 200) return
        shown = performance.now()
        writeErr(`\r${closingLine(steps + progress.steps, done + progress.runs, 0)} `)
      },
    })
    steps += result.steps
    done += result.runs
    finding = result.finding
    if (finding !== undefined) break
  }
  if (shows) writeErr('\r\u001b[K')
  return { steps, runs: done, finding }
}

/** The line every check ends with. */
export function closingLine(steps: number, runs: number, violations: number): string {
  return `checked ${steps} steps in ${runs} runs: ${violations} violations`
}

/** Reads a saved schedule. @throws InputFailure */
export function loadCheckPlan(file: string): CheckPlan {
  const text = readTextFile(file)
  const plan: Result<CheckPlan> = text.ok ? readCheckPlan(file, text.value) : fail(text.problems)
  if (!plan.ok) throw new InputFailure(plan.problems)
  return plan.value
}

/** Saves a schedule as a fault plan. @throws EnvironmentFailure */
export function saveCheckPlan(path: string, plan: CheckPlan, violation: Violation): void {
  writeFileAtomically(path, writePlan(plan, violation))
}
