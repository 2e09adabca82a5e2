import { describe, expect, it } from 'vitest'
import { readCheckPlan, writePlan } from '../../src/check/plan-file.ts'
import { runPlan } from '../../src/check/run-plan.ts'
import { search } from '../../src/check/search.ts'
import { learnersCommit } from '../mutations/learners-commit.ts'
import { votesForAnyone } from '../mutations/votes-for-anyone.ts'
import { groupOfSize } from './group.ts'

describe('a saved plan', () => {
  it.each([
    ['votes for anyone', votesForAnyone],
    ['learners commit', learnersCommit],
  ])('breaks the same invariant again: %s', (seed, { mutation }) => {
    const { finding } = search({ group: groupOfSize(3), seed, runs: 100, mutation })
    expect(finding).toBeDefined()
    const { plan, violation, stepsBefore } = finding!
    expect(plan.steps.length).toBeLessThanOrEqual(stepsBefore)
    const read = readCheckPlan('plan.yaml', writePlan(plan, violation))
    expect(read.ok).toBe(true)
    if (!read.ok) return
    expect(runPlan(read.value, mutation).violation).toEqual(violation)
    expect(runPlan(read.value).violation).toBeUndefined()
  })

  it('is refused with the place of every mistake', () => {
    const { finding } = search({ group: groupOfSize(3), seed: 'x', runs: 100, mutation: votesForAnyone.mutation })
    const text = writePlan(finding!.plan, finding!.violation)
    const broken = text.replace('preVote: true', 'preVote: 7').replace(/seed: .*/, 'sed: "x"')
    const read = readCheckPlan('plan.yaml', broken)
    expect(read.ok).toBe(false)
    if (read.ok) return
    expect(read.problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['check.settings.preVote', 'check.settings.sed', 'check.settings.seed']),
    )
    expect(read.problems.every(({ file, line }) => file === 'plan.yaml' && line !== undefined)).toBe(true)
  })
})
