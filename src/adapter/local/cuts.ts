import { run } from '../run.ts'
import { type Layout, placeOf } from './layout.ts'

interface Link {
  readonly from: number
  readonly to: number
}

/** What is done to packets on a link: all dropped, or a share of them. */
export interface Drop extends Link {
  readonly share: number | null
}

/**
 * Packets dropped between namespaces by iptables. A directed link can be cut at either end; all of a batch are cut at the
 * machine that most of them have in common, in one go.
 */
export class Cuts {
  readonly #layout: Layout
  /** Machine at which a link's drops are, latest last. */
  readonly #at = new Map<string, number[]>()

  constructor(layout: Layout) {
    this.#layout = layout
  }

  async begin(drops: readonly Drop[]): Promise<void> {
    const machine = commonest(drops)
    await this.#change(
      '-I',
      drops.map((drop) => {
        const end = machine === drop.from || machine === drop.to ? machine : drop.to
        const known = this.#at.get(keyOf(drop)) ?? []
        this.#at.set(keyOf(drop), [...known, end])
        return { drop, end }
      }),
    )
  }

  async undo(drops: readonly Drop[]): Promise<void> {
    await this.#change(
      '-D',
      drops.flatMap((drop) => {
        const end = this.#at.get(keyOf(drop))?.pop()
        return end === undefined ? [] : [{ drop, end }]
      }),
    )
  }

  async #change(how: '-I' | '-D', rules: readonly { readonly drop: Drop; readonly end: number }[]): Promise<void> {
    const ends = [...new Set(rules.map(({ end }) => end))]
    await Promise.all(
      ends.map((end) => {
        const lines = rules.filter((rule) => rule.end === end).map(({ drop }) => `${how} ${this.#rule(drop, end)}`)
        const { namespace } = placeOf(this.#layout, end)
        const input = ['*filter', ...lines, 'COMMIT', ''].join('\n')
        return run('ip', ['netns', 'exec', namespace!, 'iptables-restore', '--noflush'], { input })
      }),
    )
  }

  /** The command a person would type. */
  says(drop: Drop, undoes: boolean): string {
    const { namespace } = placeOf(this.#layout, drop.to)
    return `ip netns exec ${namespace} iptables ${undoes ? '-D' : '-I'} ${this.#rule(drop, drop.to)}`
  }

  #rule({ from, to, share }: Drop, end: number): string {
    const other = placeOf(this.#layout, end === to ? from : to)
    const match = end === to ? `INPUT -s ${other.address}` : `OUTPUT -d ${other.address}`
    const some = share === null ? '' : ` -m statistic --mode random --probability ${share}`
    return `${match}${some} -j DROP`
  }
}

function keyOf({ from, to, share }: Drop): string {
  return `${from} ${to} ${share}`
}

function commonest(links: readonly Link[]): number {
  const counts = new Map<number, number>()
  for (const { from, to } of links) {
    for (const end of [from, to]) counts.set(end, (counts.get(end) ?? 0) + 1)
  }
  let best = -1
  for (const [end, count] of counts) if (count > (counts.get(best) ?? 0)) best = end
  return best
}
