import { oracleCases } from './oracle-table.ts'
import { computingCases, databaseCases, deterministicCases, quorumCases, raidCases } from './part-tables.ts'
import { quorumSystemCases } from './quorum-table.ts'
import { raftCases } from './raft-table.ts'
import type { ValidationCase, ValidationOptions } from './validation-case.ts'
import { workstationCases } from './workstation-table.ts'

/** A table by name. */
export interface ValidationTable {
  readonly name: string
  readonly summary: string
  /** Its cases, one after the other, each computed when it is asked for. */
  readonly cases: (options: ValidationOptions) => Iterable<ValidationCase> | AsyncIterable<ValidationCase>
}

/** The tables there are. */
export const TABLES: readonly ValidationTable[] = [
  {
    name: 'raft',
    summary: "Raft's election times and split votes (T3): the thesis' curves, closed forms, independent simulations",
    cases: raftCases,
  },
  {
    name: 'T1',
    summary: 'workstation cluster (Haverkort, Hermanns, Katoen 2000): long run and over time',
    cases: workstationCases,
  },
  { name: 'T3', summary: 'Raft leader election: the same cases as raft', cases: raftCases },
  {
    name: 'T4',
    summary: 'quorum systems (Whittaker et al. 2021): losses survived, load, capacity, latency',
    cases: quorumSystemCases,
  },
  { name: 'T5', summary: 'k of n: independent, with crews, with a common cause', cases: quorumCases },
  { name: 'T6a', summary: 'computing system (Goyal, Shahabuddin, Nicola), without propagation', cases: computingCases },
  {
    name: 'T6b',
    summary: 'database with redundancy (Villén-Altamirano; FIG): ever rarer outages',
    cases: databaseCases,
  },
  { name: 'T7', summary: 'disk arrays: mean time to data loss', cases: raidCases },
  { name: 'T11', summary: 'fixed lives in series, without ageing while down (BlockSim)', cases: deterministicCases },
  { name: 'oracles', summary: 'values of fifty digits, by every solver that applies', cases: oracleCases },
]
