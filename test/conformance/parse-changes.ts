import type { SingleChange } from '../../src/raft/types.ts'

const TYPES: { readonly [letter: string]: SingleChange['type'] } = {
  v: 'add-voter',
  l: 'add-learner',
  r: 'remove',
  u: 'update',
}

/** Reads `v1 l2 r3 u4`; undefined if it is not in that form. */
export function parseChanges(text: string): SingleChange[] | undefined {
  const changes: SingleChange[] = []
  for (const word of text.split(/\s+/).filter((w) => w !== '')) {
    const match = /^([vlru])(\d+)$/.exec(word)
    if (match === null) return undefined
    changes.push({ type: TYPES[match[1]!]!, nodeId: Number(match[2]) })
  }
  return changes
}
