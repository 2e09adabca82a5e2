import type { Entry } from '../raft/types.ts'

/** A state machine as of an index: its whole state is one number that depends on every entry before. */
export interface MachineState {
  readonly applied: number
  readonly state: number
}

/** The state after one more entry. */
export function applied({ state }: MachineState, entry: Entry): MachineState {
  let next = Math.imul(state ^ entry.term, 0x01000193) ^ entry.index
  const { data } = entry
  const text = typeof data === 'string' ? data : entry.type
  for (let i = 0; i < text.length; i++) next = Math.imul(next ^ text.charCodeAt(i), 0x01000193)
  return { applied: entry.index, state: next }
}
