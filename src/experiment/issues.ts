import type { z } from 'zod'
import type { Problem } from '../base/result.ts'
import { type Located, type Path, problemAt, valueAt } from '../document/located.ts'
import { closest } from '../document/suggest.ts'
import * as say from './messages.ts'
import { repaired } from './repair.ts'
import { likelyBranch } from './union-branch.ts'

type Issue = z.core.$ZodIssue

/**
 * The parsed value; every problem, worded and placed, is added to `problems`. After problems the value is a repaired
 * one, good for finding more of them, or null.
 */
export function checkSpec<T>(schema: z.ZodType<T>, located: Located, problems: Problem[]): T | null {
  const parsed = schema.safeParse(located.value)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  // A number beyond all numbers is beyond its own limit as well, which is the one to tell.
  const isTold = (issue: Issue, i: number) =>
    issue.code !== 'too_big' ||
    !issues.slice(i + 1).some((later) => later.code === 'too_big' && later.path.join() === issue.path.join())
  for (const issue of issues.filter(isTold)) report(issue, [], located, problems)
  return repaired(schema, located.value)
}

function report(issue: Issue, under: Path, located: Located, problems: Problem[]): void {
  const path: Path = [...under, ...issue.path.map((segment) => (typeof segment === 'symbol' ? '' : segment))]
  const value = valueAt(located.value, path)
  if (issue.code === 'unrecognized_keys') {
    const allowed = issue.message.split(' ')
    for (const key of issue.keys) {
      const problem = problemAt(located, [...path, key], '', 'key')
      // A patch writes several keys as one dotted path: then the message must say which of them it means.
      const named = problem.path === key || problem.path.endsWith(`.${key}`) ? '' : `${key}: `
      problems.push({ ...problem, message: named + say.unknownKey(closest(key, allowed), allowed) })
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
