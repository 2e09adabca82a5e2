import { z } from 'zod'
import { fail, ok, type Problem, type Result } from '../base/result.ts'
import { type Located, problemAt, valueAt } from '../document/located.ts'
import { readDuration } from '../document/quantities.ts'
import { readYaml } from '../document/yaml.ts'
import type { Violation } from '../observe/invariants/violation.ts'
import {
  CHECK_STEPS,
  type CheckPlan,
  type CheckSettings,
  type CheckStep,
  CRASH_POINTS,
  FAULT_STEPS,
  isFault,
  type StepKind,
  type StepTarget,
} from './plan.ts'

const LEADER = 'etcd-leader'

/** Which keys mean something to a step, beside `at`, `do` and `on`. */
const KEYS: { readonly [kind in StepKind]?: readonly ('from' | 'to' | 'for' | 'by' | 'share' | 'one-way')[] } = {
  crash: ['for'],
  pause: ['for'],
  isolate: ['for', 'one-way'],
  cut: ['from', 'for', 'one-way'],
  lose: ['from', 'for', 'share', 'one-way'],
  delay: ['from', 'for', 'by', 'one-way'],
  'slow-disk': ['for', 'by'],
  transfer: ['to'],
}

/**
 * A schedule as the text of a fault plan file. `actions` is what any cluster can suffer, in a fault plan's words;
 * `check` holds the group, the chance, and the steps that only the checker can do.
 */
export function writePlan(plan: CheckPlan, violation: Violation): string {
  const { settings, steps } = plan
  const name = (target: StepTarget) => (target === 'leader' ? LEADER : memberName(settings, target))
  const list = (chosen: readonly CheckStep[]) =>
    chosen.length === 0 ? ' []' : chosen.map((step) => `\n  - ${stepText(step, name)}`).join('')
  return [
    `# ${violation.what}`,
    `plan: breaks-${violation.invariant}`,
    `actions:${list(steps.filter(isFault))}`,
    'check:',
    `  invariant: ${violation.invariant}`,
    '  settings:',
    ...Object.entries(settings).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`),
    `  steps:${list(steps.filter((step) => !isFault(step))).replaceAll('\n', '\n  ')}`,
    '',
  ].join('\n')
}

function stepText(step: CheckStep, name: (target: StepTarget) => string): string {
  const values: { readonly [key: string]: string } = {
    from: name(step.to),
    to: name(step.to),
    for: `${step.for}ms`,
    by: `${step.by}ms`,
    share: String(step.share),
    'one-way': String(step.oneWay),
  }
  const keys = (KEYS[step.do] ?? []).filter((key) => key !== 'one-way' || step.oneWay)
  const texts = keys.map((key) => `${key}: ${values[key]}`)
  if (step.do === 'crash' && step.point !== 'now') texts.push(`point: ${step.point}`)
  return `{ ${[`at: ${step.at}ms`, `do: ${step.do}`, `on: ${name(step.on)}`, ...texts].join(', ')} }`
}

/** Members at the start by their names, those that join by their order. */
function memberName({ members }: CheckSettings, at: number): string {
  return members[at] ?? `joiner-${at - members.length + 1}`
}

const duration = z.string().transform((text, context) => {
  const read = readDuration(text)
  if (read.ok) return read.value
  context.addIssue({ code: 'custom', message: read.message })
  return z.NEVER
})
const one = z
  .union([z.string(), z.array(z.string()).length(1)])
  .transform((text) => (Array.isArray(text) ? text[0]! : text))
const step = z.strictObject({
  at: duration,
  do: z.enum([...FAULT_STEPS, ...CHECK_STEPS]),
  on: one,
  from: one.optional(),
  to: one.optional(),
  for: duration.default(0),
  by: duration.default(0),
  share: z.number().min(0).max(1).default(0),
  'one-way': z.boolean().default(false),
  point: z.enum(CRASH_POINTS).default('now'),
})
const milliseconds = z.number().nonnegative()
const positive = z.number().positive()
const wholeNumber = z.int().nonnegative()
const share = z.number().min(0).max(1)
const settingsSpec = z.strictObject({
  seed: z.string(),
  members: z.array(z.string()).min(1).max(7),
  version: z.enum(['3.4', '3.5', '3.6', '3.7']),
  electionTick: z.int().min(2),
  tickInterval: positive,
  preVote: z.boolean(),
  checkQuorum: z.boolean(),
  readOnlyOption: z.enum(['safe', 'lease']),
  asyncStorage: z.boolean(),
  transport: z.enum(['streams', 'datagrams']),
  latency: positive,
  jitter: milliseconds,
  loss: share,
  duplicates: share,
  fsync: positive,
  drift: z.number().min(0).max(0.9),
  maxInflightMsgs: z.int().positive(),
  entriesPerAppend: wholeNumber,
  writeEvery: milliseconds,
  readEvery: milliseconds,
  snapshotEvery: wholeNumber,
  keepEntries: wholeNumber,
  horizon: positive,
})
const planFile = z.strictObject({
  plan: z.string(),
  actions: z.array(step),
  check: z.strictObject({ invariant: z.string().optional(), settings: settingsSpec, steps: z.array(step) }),
})

/** Reads a plan that {@link writePlan} wrote, or every problem with it. */
export function readCheckPlan(file: string, text: string): Result<CheckPlan> {
  const located = readYaml(file, text)
  if (!located.ok) return located
  if (valueAt(located.value.value, ['check']) === undefined) {
    const message = 'is missing: only plans that hasim check has saved are replayed here'
    return fail([problemAt(located.value, ['check'], message)])
  }
  const read = planFile.safeParse(located.value.value)
  if (!read.success) return fail(read.error.issues.map((issue) => problemOf(located.value, issue)))
  const { actions, check } = read.data
  const problems: Problem[] = []
  const targetOf = (name: string | undefined, path: (string | number)[]): StepTarget => {
    if (name === undefined) return 0
    const target = readStepTarget(check.settings.members, name)
    if (target === null) problems.push(problemAt(located.value, path, `${name} is not a member, ${LEADER} or joiner-1`))
    return target ?? 0
  }
  const toStep = (spec: z.output<typeof step>, path: (string | number)[]): CheckStep => ({
    at: spec.at,
    do: spec.do,
    on: targetOf(spec.on, [...path, 'on']),
    to: targetOf(spec.from ?? spec.to, [...path, spec.from === undefined ? 'to' : 'from']),
    for: spec.for,
    by: spec.by,
    share: spec.share,
    oneWay: spec['one-way'],
    point: spec.point,
  })
  const steps = [
    ...actions.map((spec, i) => toStep(spec, ['actions', i])),
    ...check.steps.map((spec, i) => toStep(spec, ['check', 'steps', i])),
  ].sort((a, b) => a.at - b.at || Number(isFault(b)) - Number(isFault(a)))
  return problems.length > 0 ? fail(problems) : ok({ settings: check.settings, steps })
}

function problemOf(located: Located, issue: z.core.$ZodIssue): Problem {
  const path = issue.path.filter((key) => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') return problemAt(located, [...path, issue.keys[0]!], 'unknown key', 'key')
  return problemAt(located, path, issue.message)
}

function readStepTarget(members: readonly string[], name: string): StepTarget | null {
  if (name === LEADER) return 'leader'
  const at = members.indexOf(name)
  if (at >= 0) return at
  const joiner = /^joiner-([1-9])$/.exec(name)
  return joiner === null ? null : members.length + Number(joiner[1]) - 1
}
