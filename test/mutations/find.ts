import { type SearchResult, search } from '../../src/check/search.ts'
import { groupOfSize } from '../check/group.ts'
import type { SeededBug } from './seeded-bug.ts'

/** Searches for a seeded bug the way `hasim check` searches, within the runs it is given. */
export function find(seed: string, bug: SeededBug, shrinks = true): SearchResult {
  const { group = {}, fixed = {}, families, mutation, within } = bug
  const { size = 3, ...rest } = group
  return search({
    group: { ...groupOfSize(size), ...rest },
    fixed,
    seed,
    runs: within,
    mutation,
    shrinks,
    ...(families === undefined ? {} : { families }),
  })
}
