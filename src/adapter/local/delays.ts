import { run } from '../run.ts'
import { type Layout, placeOf } from './layout.ts'

export interface Delay {
  readonly from: number
  readonly to: number
  /** Milliseconds. */
  readonly by: number
}

/** The bands that tc gives to ordinary packets come first. */
const FIRST_BAND = 4
const MOST_BANDS = 16

/** Packets held back on the way out of a namespace, by destination: one netem queue a link. */
export class Delays {
  readonly #layout: Layout
  #all: readonly Delay[] = []

  constructor(layout: Layout) {
    this.#layout = layout
  }

  async begin(delays: readonly Delay[]): Promise<void> {
    this.#all = [...this.#all, ...delays]
    await this.#apply(delays)
  }

  async undo(delays: readonly Delay[]): Promise<void> {
    const left = [...this.#all]
    for (const { from, to, by } of delays) {
      const at = left.findIndex((one) => one.from === from && one.to === to && one.by === by)
      if (at >= 0) left.splice(at, 1)
    }
    this.#all = left
    await this.#apply(delays)
  }

  says({ from, to, by }: Delay, undoes: boolean): string {
    const { namespace } = placeOf(this.#layout, from)
    const { address } = placeOf(this.#layout, to)
    return undoes
      ? `tc -n ${namespace} qdisc del dev eth0 root # towards ${address}`
      : `tc -n ${namespace} qdisc add dev eth0 … netem delay ${by}ms # towards ${address}`
  }

  /** Machines whose delays changed get all their queues anew. */
  async #apply(changed: readonly Delay[]): Promise<void> {
    await Promise.all([...new Set(changed.map(({ from }) => from))].map((from) => this.#rebuild(from)))
  }

  async #rebuild(from: number): Promise<void> {
    const { namespace } = placeOf(this.#layout, from)
    const sums = new Map<number, number>()
    for (const { from: machine, to, by } of this.#all) if (machine === from) sums.set(to, (sums.get(to) ?? 0) + by)
    const tc = (...args: string[]) => run('tc', ['-n', namespace!, ...args])
    if ((await tc('qdisc', 'show', 'dev', 'eth0')).stdout.includes('prio 1:'))
      await tc('qdisc', 'del', 'dev', 'eth0', 'root')
    if (sums.size === 0) return
    await tc('qdisc', 'add', 'dev', 'eth0', 'root', 'handle', '1:', 'prio', 'bands', String(MOST_BANDS))
    let band = FIRST_BAND
    for (const [to, by] of sums) {
      const id = `1:${(band++).toString(16)}`
      const { address } = placeOf(this.#layout, to)
      await tc('qdisc', 'add', 'dev', 'eth0', 'parent', id, 'netem', 'delay', `${by}ms`)
      await tc(
        'filter',
        'add',
        'dev',
        'eth0',
        'parent',
        '1:',
        'protocol',
        'ip',
        'u32',
        'match',
        'ip',
        'dst',
        `${address}/32`,
        'flowid',
        id,
      )
    }
  }
}

/** Whether the kernel can hold packets back: tried on a loopback interface of a namespace that is gone at once. */
export async function hasNetem(): Promise<boolean> {
  try {
    await run('unshare', ['--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'])
    return true
  } catch {
    return false
  }
}
