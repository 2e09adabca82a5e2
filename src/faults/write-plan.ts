import type { FaultAction, FaultPlan } from './plan.ts'

/** A fault plan as the text of a file that reads back as the same plan. */
export function writePlan(plan: FaultPlan, description: string | null): string {
  return [
    `plan: ${scalar(plan.name)}`,
    ...(description === null ? [] : [`description: ${scalar(description)}`]),
    'actions:',
    ...plan.actions.map((action) => `  - { ${fieldsOf(action).join(', ')} }`),
    '',
  ].join('\n')
}

function fieldsOf({ at, do: kind, on, for: lasts, from, oneWay, by, share }: FaultAction): string[] {
  return [
    `at: ${durationText(at)}`,
    `do: ${kind}`,
    `on: ${targetsText(on)}`,
    ...(from.length === 0 ? [] : [`from: ${targetsText(from)}`]),
    ...(oneWay ? ['one-way: true'] : []),
    ...(by === null ? [] : [`by: ${durationText(by)}`]),
    ...(share === null ? [] : [`share: ${share}`]),
    ...(lasts === null ? [] : [`for: ${durationText(lasts)}`]),
  ]
}

function targetsText(targets: readonly string[]): string {
  const texts = targets.map(scalar)
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
}

/** Milliseconds as the largest whole unit: `90s`, `1500ms`. */
function durationText(ms: number): string {
  if (ms !== 0 && ms % 60_000 === 0) return `${ms / 60_000}m`
  if (ms !== 0 && ms % 1_000 === 0) return `${ms / 1_000}s`
  return `${ms}ms`
}

/** Plain where YAML takes it so, else in double quotes. */
function scalar(text: string): string {
  return /^[A-Za-z][\w .()'-]*$/.test(text) && text.trim() === text ? text : JSON.stringify(text)
}
