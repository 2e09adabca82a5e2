import { type Ms, ms } from '../base/units.ts'
import { RandomStreams } from '../engine/random.ts'
import { type Actor, Simulation } from '../engine/simulation.ts'
import type { Tracer } from '../engine/trace.ts'
import { InvariantChecker } from '../observe/invariants/checker.ts'
import { raftBehaviour } from '../raft/config.ts'
import { isVoter, membersOf } from '../raft/configuration.ts'
import { type ConfState, EMPTY_CONF_STATE, type Entry, type Message } from '../raft/types.ts'
import { Clients } from './clients.ts'
import { type HostRules, type Mutation, SOUND_HOST } from './host-rules.ts'
import { CheckedMember, type MemberWorld } from './member.ts'
import type { CheckPlan, CheckSettings, CheckStep, StepKind, StepTarget } from './plan.ts'
import { perform, undo } from './steps.ts'
import { Transport, type TransportListener } from './transport.ts'

/** Identities that may ever be used: members at the start and those that join. */
const MAX_MEMBERS = 9

type WorldEvent =
  | { readonly kind: 'step'; readonly step: CheckStep }
  | { readonly kind: 'undo'; readonly step: CheckStep; readonly on: number; readonly to: number }
  | { readonly kind: 'join'; readonly id: number }

/** Steps between two members. */
const HAS_OTHER_SIDE: ReadonlySet<StepKind> = new Set(['cut', 'lose', 'delay', 'transfer'])

/** A target that means the same whoever joins. */
function named(target: StepTarget, { id }: CheckedMember): StepTarget {
  return target === 'leader' ? target : id - 1
}

/** A group of members that is checked at every step, on the deterministic kernel. */
export class CheckWorld implements MemberWorld, TransportListener, Actor<WorldEvent> {
  readonly simulation: Simulation
  readonly settings: CheckSettings
  readonly checker: InvariantChecker
  readonly rules: HostRules
  readonly mutation: Mutation | undefined
  readonly transport: Transport
  readonly clients: Clients
  /** All there ever were, by identity less one. */
  readonly members: CheckedMember[] = []
  steps = 0
  /** Steps of the schedule that were done, their targets by name. */
  readonly performed: CheckStep[] = []
  readonly #plan: CheckPlan

  constructor(plan: CheckPlan, mutation: Mutation | undefined, tracer: Tracer | undefined) {
    const { settings } = plan
    this.#plan = plan
    this.settings = settings
    this.mutation = mutation
    this.rules = { ...SOUND_HOST, ...mutation?.host }
    this.simulation = new Simulation(new RandomStreams(settings.seed, 0), tracer)
    const initial: ConfState = { ...EMPTY_CONF_STATE, voters: settings.members.map((_, i) => i + 1) }
    const behaviour = raftBehaviour(settings.version)
    this.checker = new InvariantChecker({
      electionTick: settings.electionTick,
      preVote: settings.preVote,
      checkQuorum: settings.checkQuorum,
      maxInflightMsgs: settings.maxInflightMsgs,
      selfVoteDurable: behaviour.selfVoteDurable,
      campaignsOnlyApplied: behaviour.transferChecksUnappliedChanges,
      readOnlyOption: settings.readOnlyOption,
      initial,
    })
    this.transport = new Transport(this.simulation, settings, this)
    this.clients = new Clients(this, () => this.members)
    for (const id of initial.voters) this.#add(id, initial)
  }

  /** Starts all members, clients and the schedule. */
  start(): void {
    for (const member of this.members) member.start()
    this.clients.start()
    for (const step of this.#plan.steps) this.simulation.scheduleAgenda(ms(step.at), this, { kind: 'step', step })
  }

  /** Runs for so long, in milliseconds. */
  pass(duration: number): void {
    this.simulation.run((this.simulation.now + ms(duration)) as Ms)
  }

  handle(event: WorldEvent): void {
    if (event.kind === 'step') this.#perform(event.step)
    else if (event.kind === 'undo') undo(this, event.step, event.on, event.to)
    else this.members[event.id - 1]?.start()
  }

  send(message: Message): void {
    this.transport.send(message)
  }

  snapshotSent({ from, to }: Message, arrived: boolean): void {
    const member = this.members[from - 1]!
    const delay = ms(this.settings.latency * 4 + this.settings.jitter)
    const { generation } = member
    this.simulation.schedule(delay, member, { kind: 'snapshot-sent', generation, to, arrived })
  }

  readAnswered(member: CheckedMember, context: string, index: number): void {
    this.clients.readAnswered(member, context, index)
  }

  applied(member: CheckedMember, entry: Entry | undefined): void {
    this.clients.applied(member, entry)
  }

  /** Whoever is in a membership for the first time is started with an empty disk; who has gone is no longer heard. */
  changed(member: CheckedMember): void {
    const ids = membersOf(member.node!.configuration)
    const newest = this.current()
    for (const known of this.members) {
      // A log that is replayed shows memberships of before someone joined, too.
      if (!ids.includes(known.id) && !newest.includes(known) && member.seen.has(known.id)) member.removed.add(known.id)
    }
    for (const id of ids) {
      member.seen.add(id)
      if (this.members[id - 1] !== undefined) continue
      this.#add(id, undefined)
      this.simulation.schedule(ms(this.settings.latency), this, { kind: 'join', id })
    }
  }

  counted(): void {
    this.steps++
  }

  /** The living leader of the highest term. */
  leader(): CheckedMember | undefined {
    let leader: CheckedMember | undefined
    for (const member of this.members) {
      if (!member.alive || member.node!.state !== 'StateLeader') continue
      if (leader === undefined || member.node!.term > leader.node!.term) leader = member
    }
    return leader
  }

  /** Whoever is meant by a target now. */
  resolve(target: StepTarget): CheckedMember | undefined {
    if (target === 'leader') return this.leader()
    return this.members[target % this.members.length]
  }

  /** An identity that nobody has had, or undefined when enough are given away; it counts once the change is applied. */
  newIdentity(): number | undefined {
    return this.members.length < MAX_MEMBERS ? this.members.length + 1 : undefined
  }

  /** Members that belong to the newest configuration. */
  current(): CheckedMember[] {
    const { voters, votersOutgoing, learners } = this.checker.newestConfiguration
    const ids = [...voters, ...votersOutgoing, ...learners]
    return this.members.filter(({ id }) => ids.includes(id))
  }

  isVoter(id: number): boolean {
    const { voters, votersOutgoing } = this.checker.newestConfiguration
    return isVoter({ incoming: voters, outgoing: votersOutgoing }, id)
  }

  #perform(step: CheckStep): void {
    const on = this.resolve(step.on)
    const to = HAS_OTHER_SIDE.has(step.do) ? this.resolve(step.to) : on
    if (on === undefined || to === undefined) return
    this.performed.push({ ...step, on: named(step.on, on), to: HAS_OTHER_SIDE.has(step.do) ? named(step.to, to) : 0 })
    this.simulation.tracer?.record(this.simulation.now, `member ${on.id}`, step.do)
    if (!perform(this, step, on, to)) return
    const at = ms(this.simulation.now + step.for)
    this.simulation.scheduleAgenda(at, this, { kind: 'undo', step, on: on.id, to: to.id })
  }

  #add(id: number, initial: ConfState | undefined): void {
    const member = new CheckedMember(this, id, initial)
    for (const voter of initial?.voters ?? []) member.seen.add(voter)
    this.members[id - 1] = member
    this.transport.join(id, member)
  }
}
