import { produce } from 'immer'
import type { z } from 'zod'
import { type Path, valueAt } from '../document/located.ts'
import { likelyBranch } from './union-branch.ts'

type Issue = z.core.$ZodIssue

/** Each attempt puts one stand-in for each value at fault; more than this many are not needed. */
const MOST_ATTEMPTS = 8

/** Words that some field takes: a duration or distribution, a share, a rate, a cost. */
const STAND_INS = ['1h', '50%', '1/s', '1/month']

/**
 * A value that passes the schema, made from one that does not: unknown keys left out, wrong numbers and words replaced
 * by harmless ones. It only serves to look for further problems, so that all are told at once; it is never run.
 * null where something is missing or of another type, and the rest would make no sense.
 */
export function repaired<T>(schema: z.ZodType<T>, value: unknown): T | null {
  let now = value
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const parsed = schema.safeParse(now)
    if (parsed.success) return parsed.data
    const fixes: Fix[] = []
    for (const issue of parsed.error.issues) {
      const fix = fixesOf(issue, [], now, attempt)
      if (fix === null) return null
      fixes.push(...fix)
    }
    now = produce(now, (draft: unknown) => {
      for (const fix of fixes) apply(draft, fix)
    })
  }
  return null
}

interface Fix {
  readonly path: Path
  /** undefined: the key is taken out. */
  readonly value: unknown
}

function fixesOf(issue: Issue, under: Path, whole: unknown, attempt: number): Fix[] | null {
  const path: Path = [...under, ...issue.path.map((segment) => (typeof segment === 'symbol' ? '' : segment))]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key], value: undefined }))
  if (valueAt(whole, path) === undefined || path.length === 0) return null
  switch (issue.code) {
    case 'invalid_union': {
      const inner = likelyBranch(issue.errors)?.map((one) => fixesOf(one, path, whole, attempt)) ?? [null]
      return inner.includes(null) ? null : inner.flatMap((fixes) => fixes ?? [])
    }
    case 'invalid_value':
      return [{ path, value: issue.values[0] }]
    case 'too_small':
      return issue.origin === 'array' ? null : [{ path, value: Number(issue.minimum) + (issue.inclusive ? 0 : 1) }]
    case 'too_big':
      return [{ path, value: Number(issue.maximum) }]
    case 'invalid_type':
      if (issue.expected === 'boolean') return [{ path, value: false }]
      return issue.expected === 'int' || issue.expected === 'number' ? [{ path, value: 1 }] : null
    case 'custom':
      return [{ path, value: STAND_INS[attempt % STAND_INS.length] }]
    default:
      return null
  }
}

function apply(draft: unknown, fix: Fix): void {
  const parent = valueAt(draft, fix.path.slice(0, -1)) as Record<string | number, unknown> | undefined
  if (parent === undefined) return
  const key = fix.path.at(-1)!
  if (fix.value === undefined) delete parent[key]
  else parent[key] = fix.value
}
