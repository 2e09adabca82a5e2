import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** Issues of the branch the user most likely meant: its root fits. null: no branch's root fits. */
export function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
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
