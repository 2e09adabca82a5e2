import { describe, expect, it } from 'vitest'
import { find } from '../mutations/find.ts'
import { SEEDED_BUGS } from '../mutations/index.ts'

const RUNS = process.env['HASIM_SEEDED_BUGS'] === 'full' ? 500 : 15

// What a bug is looked for in must be sound by itself, or finding something would prove nothing.
describe('without the bug', () => {
  it.each(Object.entries(SEEDED_BUGS))(
    'nothing is found where %s is looked for',
    (name, bug) => {
      expect(find(name, { ...bug, mutation: {}, within: RUNS }, false).finding).toBeUndefined()
    },
    600_000,
  )
})
