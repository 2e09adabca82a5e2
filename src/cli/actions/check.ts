import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { shellWord } from '../../base/shell-word.ts'
import { runPlan } from '../../check/run-plan.ts'
import {
  type CheckSubject,
  checkGroups,
  closingLine,
  loadCheckPlan,
  loadGroups,
  saveCheckPlan,
} from '../../host/check-experiment.ts'
import { EXIT } from '../../host/failure.ts'
import { defaultDirectory } from '../../host/result-files.ts'
import { writeErr, writeOut } from '../../host/terminal.ts'
import { INVARIANTS, type Violation } from '../../observe/invariants/violation.ts'
import type { Arguments } from '../command.ts'
import { OptionReader } from '../options.ts'
import { readQuestion } from '../run-options.ts'

const DEFAULT_RUNS = 1000
const MAX_RUNS = 1_000_000_000

/** Searches for a violation, or replays one. @returns the exit code */
export async function run({ positionals, options }: Arguments): Promise<number> {
  const reader = new OptionReader(options)
  const question = readQuestion(reader)
  const runs = reader.whole('runs', 1, MAX_RUNS)
  const maxTimeMs = reader.duration('max-time')
  if (maxTimeMs === 0) reader.refuse('max-time', '0 is no time to check anything in, more is wanted')
  const planFile = reader.text('replay')
  const out = reader.text('out')
  if (planFile !== null) reader.onlyBeside('replay', ['quiet'])
  reader.finish()
  const file = positionals[0]!
  const subject = loadGroups(file, question)
  if (planFile !== null) return replay(planFile, subject.groups)
  const limits = { runs: runs ?? (maxTimeMs === null ? DEFAULT_RUNS : null), maxTimeMs, quiet: reader.flag('quiet') }
  const { steps, runs: done, finding } = checkGroups(subject, limits)
  if (finding !== undefined) {
    const path = join(out ?? defaultDirectory(file), `breaks-${finding.violation.invariant}.yaml`)
    saveCheckPlan(path, finding.plan, finding.violation)
    printViolation(finding.violation)
    writeOut(`found in run ${finding.run}, shrunk from ${finding.stepsBefore} steps to ${finding.plan.steps.length}\n`)
    writeOut(`plan: ${path}\nreplay: hasim check ${shellWord(file)} --replay ${shellWord(path)}\n`)
  }
  writeOut(`${closingLine(steps, done, finding === undefined ? 0 : 1)}\n`)
  return finding === undefined ? EXIT.done : EXIT.invariant
}

function replay(planFile: string, groups: CheckSubject['groups']): number {
  const plan = loadCheckPlan(planFile)
  const { members, version } = plan.settings
  const isOne = groups.some((group) => group.version === version && isDeepStrictEqual(group.members, members))
  if (!isOne)
    writeErr(`${planFile} is of etcd ${version} on ${members.join(', ')}, not of FILE: it is played as it was saved\n`)
  const { violation, steps } = runPlan(plan)
  if (violation !== undefined) printViolation(violation)
  writeOut(`${closingLine(steps, 1, violation === undefined ? 0 : 1)}\n`)
  return violation === undefined ? EXIT.done : EXIT.invariant
}

function printViolation({ invariant, what }: Violation): void {
  writeOut(`${invariant} is broken (${INVARIANTS[invariant]})\n  ${what}\n`)
}
