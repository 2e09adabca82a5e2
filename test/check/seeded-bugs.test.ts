import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { find } from '../mutations/find.ts'
import { SEEDED_BUGS } from '../mutations/index.ts'

/** HASIM_SEEDED_BUGS=full searches with further seeds, where a bug must be found as well, in three times the runs. */
const FURTHER_SEEDS = process.env['HASIM_SEEDED_BUGS'] === 'full' ? ['a', 'b', 'c'] : []
const TABLE = 'docs/seeded-bugs.md'

describe('seeded bugs', () => {
  it.each(Object.entries(SEEDED_BUGS))(
    '%s is found',
    (name, bug) => {
      const { finding } = find(name, bug, false)
      expect(finding?.violation.invariant).toBeOneOf([...bug.caughtBy])
      for (const seed of FURTHER_SEEDS) {
        const { finding: further } = find(`${name}/${seed}`, { ...bug, within: 3 * bug.within }, false)
        expect(further?.violation.invariant, `with seed ${seed}`).toBeOneOf([...bug.caughtBy])
      }
    },
    600_000,
  )

  it('all stand in the table, and nothing else does', () => {
    expect(existsSync(TABLE)).toBe(true)
    const names = [...readFileSync(TABLE, 'utf-8').matchAll(/^\| `([\w-]+)`/gm)].map((match) => match[1])
    expect(names).toEqual(Object.keys(SEEDED_BUGS))
  })
})
