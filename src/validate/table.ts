import { raftCases } from './raft-table.ts'
import type { ValidationCase, ValidationOptions } from './validation-case.ts'

/** A table by name. */
export interface ValidationTable {
  readonly name: string
  readonly summary: string
  /** Its cases, one after the other, each computed when it is asked for. */
  readonly cases: (options: ValidationOptions) => Iterable<ValidationCase>
}

/** The tables there are. */
export const TABLES: readonly ValidationTable[] = [
  {
    name: 'raft',
    summary: "Raft's election times and split votes: the thesis' curves, closed forms, independent simulations",
    cases: raftCases,
  },
]
