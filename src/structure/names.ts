import type { PartModel } from './model.ts'

/** Names of all members in index order, as people read them: `disk-1`, `disk-2`, …; a group of one is just `disk`. */
export function memberNames(model: PartModel): string[] {
  const names: string[] = []
  for (const group of model.groups) {
    for (let k = 1; k <= group.count; k++) names.push(group.count === 1 ? group.name : `${group.name}-${k}`)
  }
  return names
}

/** Index of each group's first member among all members, and at the end the number of members. */
export function firstMembers(model: PartModel): number[] {
  const firsts = [0]
  for (const group of model.groups) firsts.push(firsts.at(-1)! + group.count)
  return firsts
}
