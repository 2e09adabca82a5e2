import type { Entry } from '../raft/types.ts'

/** A state machine as of an index: its whole state is one number that depends on every entry before. */
export interface MachineState {
  readonly applied: number
  readonly state: number
  /** The newest write: what a read answers. */
  readonly value: string | null
}

/** Where every member starts: the snapshot at index 1. */
export const INITIAL_STATE: MachineState = { applied: 1, state: 0, value: null }
/** A member that has yet to join. */
export const NO_STATE: MachineState = { applied: 0, state: 0, value: null }

/** The state after one more entry. */
export function applied({ state, value }: MachineState, entry: Entry): MachineState {
  let next = Math.imul(state ^ entry.term, 0x01000193) ^ entry.index
  const { data } = entry
  const text = typeof data === 'string' ? data : entry.type
  for (let i = 0; i < text.length; i++) next = Math.imul(next ^ text.charCodeAt(i), 0x01000193)
  return { applied: entry.index, state: next, value: typeof data === 'string' ? data : value }
}
