import { assert } from '../base/assert.ts'
import { type Ms, ms, NEVER, ZERO } from '../base/units.ts'
import { type Distribution, type Sampler, samplerOf } from '../engine/distribution.ts'
import { type Random, RandomStreams } from '../engine/random.ts'
import { type Actor, Simulation } from '../engine/simulation.ts'
import { LOCAL_APPEND_THREAD, LOCAL_APPLY_THREAD, type Message, message, type NodeId } from '../raft/index.ts'
import { LabMember } from './lab-member.ts'

/** When a member loses patience with its leader. Times in milliseconds. */
export type LabTimers =
  /** As etcd: whole ticks counted by the core, the ticks of each member at a phase of its own. */
  | { readonly kind: 'ticks'; readonly tickMs: number; readonly electionTicks: number }
  /**
   * As in the Raft paper: one timeout, drawn anew when the member campaigns or grants a vote. A later
   * term alone does not touch the timer, and a candidate that cannot win any more keeps its own.
   */
  | { readonly kind: 'continuous'; readonly timeout: Distribution }

/** One election experiment: who is there, how long everything takes, and from when to when the clock runs. */
export interface ElectionSetting {
  /** Size of the membership, the dead included. */
  readonly members: number
  /** Members that take part; with fewer than `members`, one of the dead led before. */
  readonly alive: number
  readonly timers: LabTimers
  /** One way of one message (ms). */
  readonly latency: Distribution
  /** A write that has to be durable (ms); writes of a member do not wait for one another. */
  readonly fsync: Distribution
  /** Whether a candidate asks for votes only once its own vote is durable, or meanwhile. */
  readonly asks: 'after-write' | 'meanwhile'
  readonly preVote: boolean
  /** Leases: a survivor that heard its leader within the minimum timeout ignores requests for votes. */
  readonly checkQuorum: boolean
  /** `unequal`: no two logs are of the same length, so that not everybody can win. */
  readonly logs: 'equal' | 'unequal'
  /**
   * `fresh`: every timer starts at zero, and so does the clock. `crash`: the leader sends its last heartbeat to all at
   * once, its timers start where it arrives, and the clock starts at the crash, uniform in the heartbeat interval.
   */
  readonly start: { readonly kind: 'fresh' } | { readonly kind: 'crash'; readonly heartbeatMs: number }
  /**
   * When the clock stops. `elected`: somebody leads. `heard`: the new leader's first message reaches another member.
   */
  readonly until: 'elected' | 'heard'
}

/** What one election came to; times in milliseconds on the setting's clock. */
export interface Election {
  /** The first campaign, pre-campaigns included. */
  readonly detectedMs: number
  readonly electedMs: number
  /** Terms it took: 1 without a split vote. */
  readonly terms: number
}

type LabEvent =
  | { readonly kind: 'start'; readonly member: LabMember }
  | { readonly kind: 'timer'; readonly member: LabMember }
  | { readonly kind: 'arrive'; readonly message: Message }
  | { readonly kind: 'written'; readonly member: LabMember; readonly write: Message }

/** Above this something turns in a circle; the longest elections of the tables take some hundred events. */
const MAX_EVENTS = 1_000_000
/** Where every log starts: the term of the leader before, with one entry that all have. */
const OLD_TERM = 1

/** Plays the `index`-th election of a seed. */
export function playElection(setting: ElectionSetting, seed: string, index: number): Election {
  return new ElectionLab(setting, new RandomStreams(seed, index)).play()
}

/** Plays the first `count` elections of a seed. */
export function playElections(setting: ElectionSetting, seed: string, count: number): Election[] {
  return Array.from({ length: count }, (_, index) => playElection(setting, seed, index))
}

class ElectionLab implements Actor<LabEvent> {
  readonly #setting: ElectionSetting
  readonly #streams: RandomStreams
  readonly #simulation: Simulation
  readonly #network: Random
  readonly #latency: Sampler
  readonly #fsync: Sampler
  readonly #timeout: Sampler | undefined
  readonly #members: readonly LabMember[]
  #detectedAt: Ms | undefined
  #result: { readonly at: Ms; readonly term: number } | undefined

  constructor(setting: ElectionSetting, streams: RandomStreams) {
    assert(setting.start.kind === 'fresh' || setting.alive < setting.members, 'a leader that crashes is not alive')
    this.#setting = setting
    this.#streams = streams
    this.#simulation = new Simulation(streams)
    this.#network = streams.stream('network')
    this.#latency = samplerOf(setting.latency)
    this.#fsync = samplerOf(setting.fsync)
    this.#timeout = setting.timers.kind === 'continuous' ? samplerOf(setting.timers.timeout) : undefined
    this.#members = Array.from(
      { length: setting.alive },
      (_, i) => new LabMember(setting, i + 1, OLD_TERM, streams.stream('timeouts'), streams.stream('disks')),
    )
  }

  play(): Election {
    const { start } = this.#setting
    for (const member of this.#members) {
      const delay = start.kind === 'fresh' ? ZERO : this.#latency(this.#network)
      this.#simulation.schedule(delay, this, { kind: 'start', member })
    }
    const crash = start.kind === 'fresh' ? 0 : this.#streams.stream('crash').next() * start.heartbeatMs
    this.#simulation.run(NEVER, MAX_EVENTS)
    const result = this.#result
    assert(result !== undefined && this.#detectedAt !== undefined, 'an election ends')
    return { detectedMs: this.#detectedAt - crash, electedMs: result.at - crash, terms: result.term - OLD_TERM }
  }

  handle(event: LabEvent): void {
    switch (event.kind) {
      case 'start':
        this.#start(event.member)
        break
      case 'timer':
        this.#expire(event.member)
        break
      case 'arrive':
        this.#arrive(event.message)
        break
      case 'written':
        this.#written(event.member, event.write)
        break
    }
  }

  #start(member: LabMember): void {
    const { members, alive, timers } = this.#setting
    if (alive < members) {
      const heartbeat = message('MsgHeartbeat', member.id, members)
      heartbeat.term = OLD_TERM
      member.raw.step(heartbeat)
    }
    if (timers.kind === 'continuous') this.#rearm(member)
    // 1 − u: the first tick comes after a phase in (0, tick], as the word of the leader is never on a tick.
    else this.#schedule(ms(timers.tickMs * (1 - member.chance.next())), { kind: 'timer', member })
    this.#work(member)
  }

  #expire(member: LabMember): void {
    const { timers } = this.#setting
    if (timers.kind === 'continuous') {
      member.timer = undefined
      this.#rearm(member)
      member.raw.campaign()
    } else {
      this.#schedule(ms(timers.tickMs), { kind: 'timer', member })
      member.raw.tick()
    }
    const campaigns = member.raw.state === 'StateCandidate' || member.raw.state === 'StatePreCandidate'
    if (campaigns) this.#detectedAt ??= this.#simulation.now
    this.#work(member)
  }

  #rearm(member: LabMember): void {
    if (this.#timeout === undefined) return
    if (member.timer !== undefined) this.#simulation.cancel(member.timer)
    member.timer = this.#schedule(this.#timeout(member.chance), { kind: 'timer', member })
  }

  #arrive(m: Message): void {
    const member = this.#members[m.to - 1]!
    const { raw } = member
    if (m.type === 'MsgApp' && this.#setting.until === 'heard') {
      this.#finish(m.term)
      return
    }
    const led = raw.state === 'StateLeader'
    raw.step(m)
    const leads = raw.state === 'StateLeader'
    if (leads && !led) this.#elected(member)
    // A leader has no timer: deposed before anybody heard of it, it starts one.
    if (led && !leads) this.#rearm(member)
    this.#work(member)
  }

  #elected(member: LabMember): void {
    if (this.#setting.until === 'elected') this.#finish(member.raw.term)
    if (member.timer !== undefined) this.#simulation.cancel(member.timer)
    member.timer = undefined
  }

  #finish(term: number): void {
    this.#result = { at: this.#simulation.now, term }
    this.#simulation.stop()
  }

  /** Does what the core asks for: sends, and writes in the background. */
  #work(member: LabMember): void {
    while (member.raw.hasReady()) {
      const { messages } = member.raw.ready()
      const write = messages.find(({ to }) => to === LOCAL_APPEND_THREAD)
      const delay = write === undefined ? ZERO : this.#writeTime(member, write)
      // Memory changes on receipt, before the write: so does the patience of whoever grants.
      if (write !== undefined && grants(write, member.id)) this.#rearm(member)
      for (const m of messages) {
        if (m === write) this.#schedule(delay, { kind: 'written', member, write: m })
        else if (m.to === LOCAL_APPLY_THREAD) for (const response of m.responses) member.raw.step(response)
        else this.#send(m, m.type === 'MsgVote' && this.#setting.asks === 'after-write' ? delay : ZERO)
      }
    }
  }

  /** Only a vote and entries have to be durable; a term without a vote and a commit index do not. */
  #writeTime(member: LabMember, write: Message): Ms {
    return write.vote !== 0 || write.entries.length > 0 ? this.#fsync(member.disk) : ZERO
  }

  #written(member: LabMember, write: Message): void {
    member.storage.append(write.entries)
    const before: string = member.raw.state
    for (const response of write.responses) {
      if (response.to === member.id) member.raw.step(response)
      else this.#send(response, ZERO)
    }
    if (before !== 'StateLeader' && member.raw.state === 'StateLeader') this.#elected(member)
    this.#work(member)
  }

  #send(m: Message, delay: Ms): void {
    if (m.to > this.#members.length) return
    this.#schedule((delay + this.#latency(this.#network)) as Ms, { kind: 'arrive', message: m })
  }

  #schedule(delay: Ms, event: LabEvent): number {
    return this.#simulation.schedule<LabEvent>(delay, this, event)
  }
}

/** Whether a write promises a vote to another member. */
function grants(write: Message, own: NodeId): boolean {
  return write.responses.some(({ type, to, reject }) => type === 'MsgVoteResp' && to !== own && !reject)
}
