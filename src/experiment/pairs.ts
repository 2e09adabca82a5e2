import { present } from '../base/assert.ts'
import { addPairTo, newPairMoments, type PairMoments } from '../stats/moments.ts'
import type { Sample, ServiceSample } from './sample.ts'

/** A table of pairs as plain data. */
export type PairTableState = readonly {
  readonly service: number
  readonly a: number
  readonly b: number
  readonly pairs: PairMoments
  /** Of what was lost beyond what the parts alone lost; empty where that is not read. */
  readonly beyond: PairMoments
}[]

/** What is kept of two variants and a service: milliseconds per replication, variant a first. */
export interface LostPairs {
  readonly lost: PairMoments
  readonly beyond: PairMoments
}

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
    for (const { service, a, b, pairs, beyond } of this.#rows) {
      const [one, other] = [serviceOf(samples, a, service), serviceOf(samples, b, service)]
      addPairTo(pairs, one.lostMs, other.lostMs)
      if (one.structureLostMs === null || other.structureLostMs === null) continue
      addPairTo(beyond, one.lostMs - one.structureLostMs, other.lostMs - other.structureLostMs)
    }
  }

  /** Pairs of variants a and b; undefined where they are not kept. */
  of(service: number, a: number, b: number): LostPairs | undefined {
    const row = this.#rows.find((r) => r.service === service && r.a === Math.min(a, b) && r.b === Math.max(a, b))
    if (row === undefined) return undefined
    const { pairs: lost, beyond } = row
    return a < b ? { lost, beyond } : { lost: mirrored(lost), beyond: mirrored(beyond) }
  }

  toJSON(): PairTableState {
    return structuredClone(this.#rows)
  }

  static fromJSON(state: PairTableState): PairTable {
    return new PairTable(0, 0, structuredClone(state))
  }
}

function rowsFor(variants: number, services: number): PairTableState {
  const rows: { service: number; a: number; b: number; pairs: PairMoments; beyond: PairMoments }[] = []
  for (let service = 0; service < services; service++) {
    for (let a = 0; a < variants; a++) {
      if (a > 0 && service > 0) break
      for (let b = a + 1; b < variants; b++) {
        rows.push({ service, a, b, pairs: newPairMoments(), beyond: newPairMoments() })
      }
    }
  }
  return rows
}

function serviceOf(samples: readonly Sample[], variant: number, service: number): ServiceSample {
  return present(samples[variant]?.services[service], 'the service of a sample')
}

/** The same pairs with x and y in each other's place. */
function mirrored({ x, y, difference, above, below, cross, crossXXY, crossXYY }: PairMoments): PairMoments {
  const turned = {
    ...difference,
    mean: -difference.mean,
    m3: -difference.m3,
    min: -difference.max,
    max: -difference.min,
  }
  return { x: y, y: x, difference: turned, above: below, below: above, cross, crossXXY: crossXYY, crossXYY: crossXXY }
}
