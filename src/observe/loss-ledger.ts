import { MONTH } from '../base/units.ts'

/** Adds up lost time: in all, by mechanism, by cause and by month. */
export class LossLedger {
  lostMs = 0
  /** Of whole months within the horizon. */
  readonly monthLostMs: Float64Array
  readonly #byMechanism = new Map<string, number>()
  readonly #byCause = new Map<string, number>()

  /** @param months how many whole months are kept apart */
  constructor(months: number) {
    this.monthLostMs = new Float64Array(months)
  }

  /** Enters a stretch (ms from the start of the record) in which this share of requests failed. */
  lose(begin: number, until: number, share: number, mechanism: string, cause: string): void {
    const lost = (until - begin) * share
    this.lostMs += lost
    add(this.#byMechanism, mechanism, lost)
    add(this.#byCause, cause, lost)
    const months = this.monthLostMs
    for (let month = Math.floor(begin / MONTH); month < months.length && month * MONTH < until; month++) {
      months[month]! += (Math.min(until, (month + 1) * MONTH) - Math.max(begin, month * MONTH)) * share
    }
  }

  mechanisms(): { readonly [mechanism: string]: number } {
    return sorted(this.#byMechanism)
  }

  causes(): { readonly [cause: string]: number } {
    return sorted(this.#byCause)
  }
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount)
}

/** In order of name, so that equal sums print alike whatever happened first. */
function sorted(sums: ReadonlyMap<string, number>): { readonly [key: string]: number } {
  const inOrder: { [key: string]: number } = {}
  for (const key of [...sums.keys()].sort()) inOrder[key] = sums.get(key)!
  return inOrder
}
