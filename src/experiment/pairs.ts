import { present } from '../base/assert.ts'
import { addPairTo, newPairMoments, type PairMoments } from '../stats/moments.ts'
import type { Sample } from './sample.ts'

/** A table of pairs as plain data. */
export type PairTableState = readonly {
  readonly service: number
  readonly a: number
  readonly b: number
  readonly pairs: PairMoments
}[]

/**
 * Lost time of two variants, paired by replication: the first variant against every other for each service, and for the
 * first service every two variants, so that the best can be told from the second best.
 */
export class PairTable {
  readonly #rows: PairTableState

  constructor(variants: number, services: number, rows?: PairTableState) {
    this.#rows = rows ?? rowsFor(variants, services)
  }

  /** Adds one replication: the samples of all variants, in their order. */
  fold(samples: readonly Sample[]): void {
    for (const { service, a, b, pairs } of this.#rows) {
      addPairTo(pairs, lostOf(samples, a, service), lostOf(samples, b, service))
    }
  }

  /** Pairs (lost by variant a, lost by variant b) in milliseconds; undefined where they are not kept. */
  of(service: number, a: number, b: number): PairMoments | undefined {
    const row = this.#rows.find((r) => r.service === service && r.a === Math.min(a, b) && r.b === Math.max(a, b))
    if (row === undefined) return undefined
    return a < b ? row.pairs : mirrored(row.pairs)
  }

  toJSON(): PairTableState {
    return structuredClone(this.#rows)
  }

  static fromJSON(state: PairTableState): PairTable {
    return new PairTable(0, 0, structuredClone(state))
  }
}

function rowsFor(variants: number, services: number): PairTableState {
  const rows: { service: number; a: number; b: number; pairs: PairMoments }[] = []
  for (let service = 0; service < services; service++) {
    for (let a = 0; a < variants; a++) {
      if (a > 0 && service > 0) break
      for (let b = a + 1; b < variants; b++) rows.push({ service, a, b, pairs: newPairMoments() })
    }
  }
  return rows
}

function lostOf(samples: readonly Sample[], variant: number, service: number): number {
  return present(samples[variant]?.services[service], 'the service of a sample').lostMs
}

/** The same pairs with x and y in each other's place. */
function mirrored({ x, y, difference, above, below, cross }: PairMoments): PairMoments {
  const turned = {
    ...difference,
    mean: -difference.mean,
    m3: -difference.m3,
    min: -difference.max,
    max: -difference.min,
  }
  return { x: y, y: x, difference: turned, above: below, below: above, cross }
}
