import type { Condition } from '../structure/model.ts'
import { all, any, atLeast, part, range } from './part-words.ts'
import type { NodeSpeed, ReadMix } from './quorum-strategy.ts'
import { type QuorumSystem, systemOfReads } from './quorum-system.ts'

/**
 * What was published about quorum systems: M. Whittaker, A. Charapko, J. Hellerstein, H. Howard, I. Stoica, Read-Write
 * Quorum Systems Made Practical, PaPoC 2021 (arXiv 2104.04102), sections 3 to 6, and the examples of their library
 * Quoracle that print the same numbers.
 */

const together = (...nodes: number[]): Condition => all(...nodes.map(part))
/** Nodes by letter. */
const [a, b, c, d, e] = [0, 1, 2, 3, 4]

const speed = (writes: number, reads = writes, latency = 1): NodeSpeed => ({ reads, writes, latency })

/** Nodes that do one request a second each, whatever it is. */
export const alike = (nodes: number): NodeSpeed[] => range(0, nodes).map(() => speed(1))

export const MAJORITY_OF_3: QuorumSystem = systemOfReads(3, atLeast(2, range(0, 3)))
/** Two rows: a read asks one row, a write one node of each. */
export const GRID_2X2: QuorumSystem = systemOfReads(4, any(together(a, b), together(c, d)))
export const GRID_2X3: QuorumSystem = systemOfReads(6, any(together(0, 1, 2), together(3, 4, 5)))
const CROSSED: QuorumSystem = systemOfReads(4, any(together(a, c), together(b, d)))
const ANY_2_OF_4: QuorumSystem = systemOfReads(4, atLeast(2, range(0, 4)))

const READS: ReadMix = [[1, 1]]
/** Four nodes of which two are twice as quick; then with reads twice as quick as writes, and seconds until they answer. */
const UNLIKE: readonly NodeSpeed[] = [speed(100), speed(100), speed(50), speed(50)]
export const UNLIKE_READS: readonly NodeSpeed[] = [
  speed(100, 200, 4),
  speed(100, 200, 4),
  speed(50, 100, 1),
  speed(50, 100, 1),
]

/** A capacity in requests a second, printed with so many digits; null: exact. */
export interface PublishedCapacity {
  readonly name: string
  readonly system: QuorumSystem
  readonly nodes: readonly NodeSpeed[]
  readonly mix: ReadMix
  /** Losses that each request survives. */
  readonly tolerated: number
  readonly capacity: number
  readonly digits: number | null
}

const published = (
  name: string,
  system: QuorumSystem,
  nodes: readonly NodeSpeed[],
  mix: ReadMix,
  told: Pick<PublishedCapacity, 'capacity'> & Partial<PublishedCapacity>,
): PublishedCapacity => ({ name, system, nodes, mix, tolerated: 0, digits: null, ...told })

const reads = (share: number): ReadMix => [[share, 1]]

/** Small systems, by the text of the paper. */
export const PUBLISHED_CAPACITIES: readonly PublishedCapacity[] = [
  published('majority of 3, reads only', MAJORITY_OF_3, alike(3), READS, { capacity: 1.5 }),
  published('grid 2 x 2, capacities 100 and 50, reads only', GRID_2X2, UNLIKE, READS, { capacity: 150 }),
  published('grid 2 x 2, reads twice as quick, reads only', GRID_2X2, UNLIKE_READS, READS, { capacity: 300 }),
  published('grid 2 x 2, reads twice as quick, half reads', GRID_2X2, UNLIKE_READS, reads(0.5), { capacity: 200 }),
  published('grid 2 x 2, reads twice as quick, writes only', GRID_2X2, UNLIKE_READS, reads(0), { capacity: 100 }),
  published(
    'reads ac or bd, five shares of reads',
    CROSSED,
    UNLIKE_READS,
    [
      [0, 10],
      [0.25, 4],
      [0.5, 2],
      [0.75, 1],
      [1, 1],
    ],
    { capacity: 159.304, digits: 6 },
  ),
  published('any 2 of 4, reads only', ANY_2_OF_4, UNLIKE_READS, READS, { capacity: 300 }),
  published('grid 2 x 2, reads only, surviving a loss', GRID_2X2, UNLIKE_READS, READS, { capacity: 100, tolerated: 1 }),
  published('any 2 of 4, reads only, surviving a loss', ANY_2_OF_4, UNLIKE_READS, READS, {
    capacity: 200,
    tolerated: 1,
  }),
  published('grid 2 x 3, a quarter reads', GRID_2X3, alike(6), reads(0.25), { capacity: 8 / 3 }),
]

/** The case study: five nodes, reads twice as quick as writes, and how often each share of reads was seen. */
export const STUDY_NODES: readonly NodeSpeed[] = [
  speed(2000, 4000, 1),
  speed(1000, 2000, 1),
  speed(2000, 4000, 3),
  speed(1000, 2000, 4),
  speed(2000, 4000, 5),
]
export const STUDY_MIX: ReadMix = [
  [0.9, 10],
  [0.8, 20],
  [0.7, 100],
  [0.6, 100],
  [0.5, 100],
  [0.4, 60],
  [0.3, 30],
  [0.2, 30],
  [0.1, 20],
]
/** Requests a second that a strategy of least latency must carry. */
export const STUDY_RATE = 2000

export interface StudyRow {
  readonly name: string
  readonly system: QuorumSystem
  /** Requests a second, to a hundredth: of the best strategy, and of the best that survives any loss. */
  readonly capacity: number
  readonly capacityAfterLoss: number
  /** Seconds, to a thousandth. */
  readonly latency: number
}

export const STUDY_MAJORITY: QuorumSystem = systemOfReads(5, atLeast(3, range(0, 5)))
/** Every majority as often as any other. */
export const STUDY_UNIFORM = { capacity: 2291.6, digits: 6, latency: 4.5 } as const

export const STUDY: readonly StudyRow[] = [
  {
    name: 'majority',
    system: STUDY_MAJORITY,
    capacity: 3666.56,
    capacityAfterLoss: 2749.92,
    latency: 3.238,
  },
  {
    name: 'grid ab or cde',
    system: systemOfReads(5, any(together(a, b), together(c, d, e))),
    capacity: 4200.22,
    capacityAfterLoss: 1374.96,
    latency: 1.953,
  },
  {
    name: 'paths ab, ace, de or dcb',
    system: systemOfReads(5, any(together(a, b), together(a, c, e), together(d, e), together(d, c, b))),
    capacity: 4124.88,
    capacityAfterLoss: 1374.96,
    latency: 2.434,
  },
]
