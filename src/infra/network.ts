import { oncePer } from '../base/once-per.ts'
import { type Ms, ms } from '../base/units.ts'
import { type Distribution, meanOf, type Sampler, samplerOf } from '../engine/distribution.ts'
import type { Random } from '../engine/random.ts'

/** What a network needs to know of its layout: one latency law per directed pair of endpoints. */
export interface NetworkLayout {
  /** Endpoints 0 … size−1. */
  readonly size: number
  /** One-way latency from one endpoint to another. */
  latency(from: number, to: number): Distribution
}

/**
 * Directed links between endpoints: reachable or cut, with latency, extra delay and loss. Cuts are counted, so that
 * overlapping faults (a zone lost while one of its machines is cut off) are undone one by one.
 */
export class Network {
  readonly size: number
  readonly #cuts: Uint16Array
  /** These two are shared by all networks of a layout while they are zero. */
  #extraDelay: Float64Array
  #loss: Float64Array
  readonly #travel: TravelTimes
  readonly #latencyRandom: Random
  readonly #lossRandom: Random
  /** The longest one-way time that any link ever had, and from when on nothing is under way that knew other times. */
  #slowest: number
  #steadyFrom = Number.NEGATIVE_INFINITY
  /** Links with loss: nobody asks for chance while it is zero. */
  #lossy = 0
  readonly #lossCauses = new Map<number, number[]>()

  constructor(layout: NetworkLayout, latencyRandom: Random, lossRandom: Random) {
    this.size = layout.size
    this.#travel = travelTimesOf(layout)
    this.#cuts = new Uint16Array(layout.size * layout.size)
    this.#extraDelay = this.#travel.zeros
    this.#loss = this.#travel.zeros
    this.#slowest = this.#travel.longest
    this.#latencyRandom = latencyRandom
    this.#lossRandom = lossRandom
  }

  /** Whether what `from` sends now can arrive at `to`. */
  reaches(from: number, to: number): boolean {
    return this.#cuts[from * this.size + to] === 0
  }

  /** Whether a conversation is possible: both directions. */
  connected(a: number, b: number): boolean {
    return this.reaches(a, b) && this.reaches(b, a)
  }

  /** Whether the next message on this link is lost. */
  loses(from: number, to: number): boolean {
    if (this.#lossy === 0) return false
    const loss = this.#loss[from * this.size + to]!
    return loss > 0 && this.#lossRandom.next() < loss
  }

  /** One-way travel time of a message sent now. */
  delay(from: number, to: number): Ms {
    const pair = from * this.size + to
    const base = this.#travel.fixed[pair] ?? this.#travel.samplers[pair]!(this.#latencyRandom)
    return (base + this.#extraDelay[pair]!) as Ms
  }

  /** Mean one-way travel time, faults included. */
  meanDelay(from: number, to: number): Ms {
    const pair = from * this.size + to
    return (this.#travel.means[pair]! + this.#extraDelay[pair]!) as Ms
  }

  /** The longest mean travel time between any two endpoints; infinite once a link has ever been slow. */
  get longestMean(): number {
    return this.#extraDelay === this.#travel.zeros ? this.#travel.longest : Number.POSITIVE_INFINITY
  }

  /** Cuts (`by` = 1) or restores (−1) one direction. */
  cut(from: number, to: number, by: 1 | -1): void {
    this.#cuts[from * this.size + to]! += by
  }

  /** Adds (or takes back, when negative) latency in one direction. */
  slow(from: number, to: number, by: Ms, now: Ms): void {
    if (this.#extraDelay === this.#travel.zeros) this.#extraDelay = this.#travel.zeros.slice()
    this.#extraDelay[from * this.size + to]! += by
    this.#slowest = Math.max(this.#slowest, this.meanDelay(from, to))
    this.#steadyFrom = now + 2 * this.#slowest
  }

  /** Whether whatever was sent before links last became slower or faster has been answered by now. */
  isSteady(now: Ms): boolean {
    return now > this.#steadyFrom
  }

  /** Begins (`by` = 1) or ends (−1) losing a share of the messages in one direction; several losses are independent. */
  lose(from: number, to: number, share: number, by: 1 | -1): void {
    const pair = from * this.size + to
    const causes = this.#lossCauses.get(pair) ?? []
    if (by === 1) causes.push(share)
    else causes.splice(causes.indexOf(share), 1)
    this.#lossCauses.set(pair, causes)
    const loss = 1 - causes.reduce((passes, each) => passes * (1 - each), 1)
    this.#lossy += (loss > 0 ? 1 : 0) - (this.#loss[pair]! > 0 ? 1 : 0)
    if (this.#loss === this.#travel.zeros) this.#loss = this.#travel.zeros.slice()
    this.#loss[pair] = loss
  }

  /** Whether any link loses messages: then nothing is quiet. */
  get lossy(): boolean {
    return this.#lossy > 0
  }
}

/** Travel times of each directed pair of endpoints. */
interface TravelTimes {
  readonly samplers: readonly Sampler[]
  readonly means: Float64Array
  readonly longest: number
  /** Where the time is always the same; no chance is asked then. */
  readonly fixed: readonly (Ms | undefined)[]
  /** Nothing for each pair; never written. */
  readonly zeros: Float64Array
}

const travelTimesOf = oncePer(({ size, latency }: NetworkLayout): TravelTimes => {
  const samplerFor = oncePer(samplerOf)
  const samplers: Sampler[] = []
  const fixed: (Ms | undefined)[] = []
  const means = new Float64Array(size * size)
  for (let from = 0; from < size; from++) {
    for (let to = 0; to < size; to++) {
      const law = latency(from, to)
      samplers.push(samplerFor(law))
      fixed.push(law.kind === 'fixed' ? ms(law.value) : undefined)
      means[from * size + to] = ms(meanOf(law))
    }
  }
  return {
    samplers,
    means,
    longest: means.reduce((a, b) => Math.max(a, b), 0),
    fixed,
    zeros: new Float64Array(size * size),
  }
})
