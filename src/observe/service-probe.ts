import { listOf } from '../base/list.ts'
import type { Ms } from '../base/units.ts'
import type { MemberAnswer } from '../protocol/etcd-client.ts'
import type { OutageRecorder } from './outage-recorder.ts'

/** Why requests fail at the moment, and whom to blame. */
interface Blame {
  readonly mechanism: string
  readonly cause: string
  /** What is wrong, oldest first, in words. */
  readonly detail: string
}

/** Tells a {@link Blame} piece by piece: the mechanism is looked up far more often than the words are wanted. */
export interface Accuser {
  mechanism(): string
  cause(): string
  detail(): string
}

type MemberState = 'answers' | 'fails' | 'waits' | 'waited-in-vain'

/** One thing learnt about requests that *started* at `at`. */
interface Finding {
  readonly at: number
  /** Member whose requests are meant, or −1: the shares and the blame changed. */
  readonly member: number
  readonly succeeds: boolean
  readonly shares: Float64Array | undefined
  readonly blame: Blame | undefined
}

/**
 * An ideal, continuous probe of a service: at each instant the fraction of new requests that will succeed within the
 * deadline.
 *
 * A request that a member holds until a leader is known succeeds if that comes in time, so what becomes of the requests
 * of an instant is known for sure only one deadline later. Findings are therefore kept in order of the requests' start
 * and given to the recorder once no later event can change them.
 */
export class ServiceProbe {
  readonly #deadline: number
  readonly #recorder: OutageRecorder
  readonly #combine: (shares: Float64Array, succeeds: readonly boolean[]) => number
  readonly #states: MemberState[]
  readonly #since: Float64Array
  readonly #succeeds: boolean[]
  #shares: Float64Array
  #lastShares: Float64Array
  #blame: Blame = { mechanism: '', cause: '', detail: '' }
  #lossCause = ''
  #lossDetail = ''
  #fraction = 1
  #lossy = false
  #told = ''
  #findings: Finding[] = []
  /** Members whose state is `waits`. */
  #waiting = 0
  /** Of members that wait: the term whose leader has taken the requests in, so that they are lost with its office; or −1. */
  readonly #hungIn: Float64Array

  /**
   * @param combine turns the share of requests that reaches each member, and whether members answer them, into the
   * fraction that succeeds
   */
  constructor(
    members: number,
    deadline: number,
    recorder: OutageRecorder,
    combine: (shares: Float64Array, succeeds: readonly boolean[]) => number,
  ) {
    this.#deadline = deadline
    this.#recorder = recorder
    this.#combine = combine
    this.#states = listOf(members, (): MemberState => 'answers')
    this.#since = new Float64Array(members)
    this.#succeeds = listOf(members, () => true)
    this.#hungIn = new Float64Array(members)
    this.#shares = new Float64Array(members)
    // Nothing was seen yet: that requests reach nobody at first is news as well.
    this.#lastShares = new Float64Array(members).fill(Number.NaN)
  }

  /**
   * Takes down what holds from now on.
   * @param term the latest term that anybody has led
   */
  update(now: Ms, answers: readonly MemberAnswer[], term: number, shares: Float64Array, accuser: Accuser): void {
    let changed = false
    for (let member = 0; member < answers.length; member++) {
      const answer = answers[member]!
      // Mostly all is as it was, and well.
      if (answer === 'ok' && this.#states[member] === 'answers') continue
      if (this.#updateMember(now, member, answer, term)) changed = true
    }
    const moved = !sameShares(shares, this.#lastShares)
    if (moved) this.#lastShares = shares.slice()
    if (moved || changed || this.#lossy) this.#explain(now, moved, changed, accuser)
    if (moved || changed) this.#lossy = !this.#answersAll() || sumOf(this.#lastShares) < 1 - ROUNDING
    if (this.undecided) this.settle((now - this.#deadline) as Ms)
  }

  /** While requests are lost, why may change though their number does not: an address moves, its new holder is no use. */
  #explain(now: number, moved: boolean, changed: boolean, accuser: Accuser): void {
    const mechanism = accuser.mechanism()
    if (!moved && !changed && mechanism === this.#told) return
    this.#told = mechanism
    const blame = { mechanism, cause: accuser.cause(), detail: accuser.detail() }
    this.#insert({ at: now, member: -1, succeeds: false, shares: moved ? this.#lastShares : undefined, blame })
  }

  /** Gives the recorder everything about requests that started up to `limit`; no later finding may lie before it. */
  settle(limit: Ms): void {
    if (this.#waiting > 0) this.#giveUpWaiting(limit)
    while (this.#findings.length > 0 && this.#findings[0]!.at <= limit) {
      const { at } = this.#findings[0]!
      while (this.#findings.length > 0 && this.#findings[0]!.at === at) this.#apply(this.#findings.shift()!)
      this.#record(at as Ms)
    }
  }

  #giveUpWaiting(limit: Ms): void {
    for (let member = 0; member < this.#states.length; member++) {
      if (this.#states[member] !== 'waits' || this.#since[member]! > limit) continue
      this.#become(member, 'waited-in-vain')
      this.#insertAnswer(this.#since[member]!, member, false)
    }
  }

  #become(member: number, state: MemberState): void {
    if (this.#states[member] === 'waits') this.#waiting--
    if (state === 'waits') this.#waiting++
    this.#states[member] = state
  }

  /** Whether requests that have started are still undecided. */
  get undecided(): boolean {
    return this.#findings.length > 0 || this.#waiting > 0
  }

  #answersAll(): boolean {
    for (let member = 0; member < this.#states.length; member++) if (this.#states[member] !== 'answers') return false
    return true
  }

  #updateMember(now: number, member: number, answer: MemberAnswer, term: number): boolean {
    const state = this.#states[member]!
    if (answer === 'waits' || answer === 'hangs') return this.#waits(now, member, answer === 'hangs' ? term : -1)
    const since = this.#since[member]!
    if (answer === 'ok') {
      if (state === 'answers') return false
      const decided = this.#decidedSince(now, member, term)
      this.#become(member, 'answers')
      if (state === 'waits' && since < decided) this.#insertAnswer(since, member, false)
      this.#insertAnswer(decided, member, true)
      return true
    }
    if (state === 'fails') return false
    this.#become(member, 'fails')
    if (state === 'waits') this.#insertAnswer(since, member, false)
    else if (state === 'answers') this.#insertAnswer(now, member, false)
    return true
  }

  /** When the first of the requests began that are answered now. */
  #decidedSince(now: number, member: number, term: number): number {
    const state = this.#states[member]!
    const hungIn = this.#hungIn[member]!
    if (state === 'fails' || (hungIn !== -1 && hungIn !== term)) return now
    const inTime = now - this.#deadline
    return state === 'waits' ? Math.max(this.#since[member]!, inTime) : inTime
  }

  /** Requests that a leader had taken in are lost when others wait for another one. */
  #waits(now: number, member: number, hangsIn: number): boolean {
    const state = this.#states[member]!
    const waited = state === 'waits' || state === 'waited-in-vain'
    const hungIn = this.#hungIn[member]!
    this.#hungIn[member] = hangsIn
    if (waited && (hungIn === -1 || hungIn === hangsIn)) return false
    if (state === 'waits') this.#insertAnswer(this.#since[member]!, member, false)
    this.#become(member, 'waits')
    this.#since[member] = now
    return true
  }

  #insertAnswer(at: number, member: number, succeeds: boolean): void {
    this.#insert({ at, member, succeeds, shares: undefined, blame: undefined })
  }

  /** Keeps findings in order of `at`; of equals the later one counts. */
  #insert(finding: Finding): void {
    const findings = this.#findings
    let place = findings.length
    while (place > 0 && findings[place - 1]!.at > finding.at) place--
    if (place === findings.length) findings.push(finding)
    else findings.splice(place, 0, finding)
  }

  #apply(finding: Finding): void {
    if (finding.member >= 0) this.#succeeds[finding.member] = finding.succeeds
    if (finding.shares !== undefined) this.#shares = finding.shares
    if (finding.blame !== undefined) this.#blame = finding.blame
  }

  /** The blame for a loss is that of the moment it began or last grew. */
  #record(at: Ms): void {
    const exact = this.#combine(this.#shares, this.#succeeds)
    const fraction = exact > 1 - ROUNDING ? 1 : exact < ROUNDING ? 0 : exact
    if (fraction < this.#fraction || this.#lossCause === '') {
      this.#lossCause = this.#blame.cause
      this.#lossDetail = this.#blame.detail
    }
    this.#fraction = fraction
    this.#recorder.change(at, fraction, this.#blame.mechanism, this.#lossCause, () => this.#lossDetail)
    if (fraction === 1) this.#lossCause = ''
  }
}

/** Shares are sums of fractions; what is left over by rounding is no loss. */
const ROUNDING = 1e-9

function sumOf(shares: Float64Array): number {
  let sum = 0
  for (let index = 0; index < shares.length; index++) sum += shares[index]!
  return sum
}

function sameShares(a: Float64Array, b: Float64Array): boolean {
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
