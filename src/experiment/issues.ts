import type { z } from 'zod'
import type { Problem } from '../base/result.ts'
import { isMapping, type Located, type Path, problemAt, valueAt } from '../document/located.ts'
import { closest } from '../document/suggest.ts'
import * as say from './messages.ts'

type Issue = z.core.$ZodIssue

/** The parsed value, or null after adding every problem, worded and placed, to `problems`. */
export function checkSpec<T>(schema: z.ZodType<T>, located: Located, problems: Problem[]): T | null {
  const parsed = schema.safeParse(located.value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) report(issue, [], located, problems)
  return null
}

function report(issue: Issue, under: Path, located: Located, problems: Problem[]): void {
  const path: Path = [...under, ...issue.path.map((segment) => (typeof segment === 'symbol' ? '' : segment))]
  const value = valueAt(located.value, path)
  if (issue.code === 'unrecognized_keys') {
    const allowed = issue.message.split(' ')
    const free = isMapping(value) ? allowed.filter((key) => !Object.hasOwn(value, key)) : allowed
    for (const key of issue.keys) {
      problems.push(problemAt(located, [...path, key], say.unknownKey(closest(key, free), allowed), 'key'))
    }
    return
  }
  const branch = issue.code === 'invalid_union' && value !== undefined ? likelyBranch(issue.errors) : null
  if (branch !== null) {
    for (const inner of branch) report(inner, path, located, problems)
    return
  }
  const what = issue.code === 'invalid_key' ? 'key' : 'value'
  problems.push(problemAt(located, path, wording(issue, value, path), what))
}

function wording(issue: Issue, value: unknown, path: Path): string {
  if (value === undefined) return say.missing()
  switch (issue.code) {
    case 'invalid_union':
      return say.wrongType(value, unionOf(issue.errors))
    case 'invalid_type':
      return say.wrongType(value, typeName(issue.expected))
    case 'invalid_value':
      return say.notOneOf(value, issue.values)
    case 'too_small':
      if (issue.origin === 'array' || issue.origin === 'string') return say.tooFew()
      return say.tooSmall(value, issue.minimum, issue.inclusive === false)
    case 'too_big':
      return say.tooBig(value, issue.maximum)
    case 'invalid_key':
      return say.badName(path.at(-1))
    case 'invalid_format':
      return say.badName(value)
    default:
      return issue.message
  }
}

/** Issues of the branch the user most likely meant: its root fits. null: no branch's root fits. */
function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  let best: readonly Issue[] | null = null
  let bestWeight = Number.POSITIVE_INFINITY
  for (const branch of branches) {
    if (branch.some(isMisfit)) continue
    // An unknown or missing key speaks against a mapping more than a wrong value inside it.
    const weight = branch.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 10 : 1), 0)
    if (weight < bestWeight) {
      best = branch
      bestWeight = weight
    }
  }
  return best
}

function isMisfit(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
}

function unionOf(branches: readonly (readonly Issue[])[]): string {
  const names = new Set<string>()
  for (const issue of branches.flat()) {
    if (issue.path.length > 0) continue
    if (issue.code === 'invalid_type') names.add(typeName(issue.expected))
    if (issue.code === 'invalid_value') for (const value of issue.values) names.add(String(value))
  }
  return [...names].join(' or ')
}

const TYPE_NAMES: { readonly [type: string]: string } = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list of two',
  object: 'a mapping',
  record: 'a mapping',
}

function typeName(expected: string): string {
  return TYPE_NAMES[expected] ?? expected
}
