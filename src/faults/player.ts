import { type Ms, ms } from '../base/units.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { ControlPort, ProcessKind } from '../cluster/control.ts'
import type { FaultListener } from '../cluster/fault-listener.ts'
import { integerBelow } from '../engine/random.ts'
import type { Actor, Simulation } from '../engine/simulation.ts'
import type { FaultAction, FaultPlan } from './plan.ts'
import { readTarget } from './target.ts'

/** A target at the moment of the action: roles have become somebody. */
type Resolved =
  | { readonly kind: 'machines'; readonly machines: readonly number[] }
  | { readonly kind: 'process'; readonly process: ProcessKind; readonly machine: number }
  | { readonly kind: 'link'; readonly from: number; readonly to: number }

type PlayEvent =
  | { readonly kind: 'begin'; readonly action: FaultAction }
  | { readonly kind: 'end'; readonly done: Done }

/** What was done, so that it can be undone even if roles have moved since. */
interface Done {
  readonly action: FaultAction
  readonly targets: readonly Resolved[]
  readonly others: readonly Resolved[]
}

/** Plays a fault plan on a simulated cluster through its control port. */
export class FaultPlayer implements Actor<PlayEvent> {
  readonly #simulation: Simulation
  readonly #cluster: Cluster
  readonly #control: ControlPort
  readonly #listener: FaultListener

  constructor(simulation: Simulation, cluster: Cluster, control: ControlPort, listener: FaultListener) {
    this.#simulation = simulation
    this.#cluster = cluster
    this.#control = control
    this.#listener = listener
  }

  /** Plans every action; `origin` is the clock at the plan's zero. */
  play(plan: FaultPlan, origin: Ms): void {
    for (const action of plan.actions) {
      this.#simulation.scheduleAgenda(ms(origin + action.at), this, { kind: 'begin', action })
    }
  }

  handle(event: PlayEvent): void {
    if (event.kind === 'end') {
      const { action } = event.done
      this.#listener.faultEnded('plan', label(action))
      this.#trace(`undoes ${label(action)}`)
      this.#do(event.done, -1)
      return
    }
    const { action } = event
    const done = { action, targets: this.#resolveAll(action.on), others: this.#resolveAll(action.from) }
    this.#listener.faultBegan('plan', label(action))
    this.#trace(label(action))
    this.#do(done, 1)
    const lasts = this.#duration(action)
    if (lasts !== null)
      this.#simulation.scheduleAgenda((this.#simulation.now + lasts) as Ms, this, { kind: 'end', done })
  }

  /** A reboot that does not say how long it takes takes as long as a virtual machine's restart. */
  #duration(action: FaultAction): Ms | null {
    if (action.for !== null) return ms(action.for)
    return action.do === 'reboot' ? ms(BOOT) : null
  }

  #do(done: Done, by: 1 | -1): void {
    const kind = done.action.do
    if (kind === 'delay' || kind === 'lose') this.#disturbLinks(done, by)
    else for (const target of done.targets) this.#doTo(done, target, by)
  }

  #doTo(done: Done, target: Resolved, by: 1 | -1): void {
    const { action } = done
    switch (action.do) {
      case 'crash':
      case 'stop':
      case 'reboot':
        this.#takeDown(target, action.do !== 'crash', action.do === 'reboot', by)
        return
      case 'pause':
        this.#pause(target, by)
        return
      case 'cut':
      case 'isolate':
        this.#cut(done, target, by)
        return
      case 'slow-disk':
      case 'lose-disk':
        this.#disturbDisks(action, target, by)
        return
    }
  }

  /** A process, or, where `machine` says so or nothing else is named, the whole machine. A link is cut. */
  #takeDown(target: Resolved, graceful: boolean, machine: boolean, by: 1 | -1): void {
    if (target.kind === 'process' && !machine) {
      if (by === 1) this.#control.processDown(target.process, target.machine, graceful)
      else this.#control.processUp(target.process, target.machine)
    } else if (target.kind !== 'link') {
      for (const each of machinesOf([target])) {
        if (by === 1) this.#control.machineDown(each, graceful)
        else this.#control.machineUp(each)
      }
    } else this.#cutLink(target, by, false)
  }

  #pause(target: Resolved, by: 1 | -1): void {
    const pairs: { process: ProcessKind; machine: number }[] = []
    if (target.kind === 'process') pairs.push(target)
    else if (target.kind === 'machines') {
      for (const machine of target.machines) {
        for (const process of ['etcd', 'api-server', 'balancer'] as const) pairs.push({ process, machine })
      }
    }
    for (const { process, machine } of pairs) {
      if (by === 1) this.#control.pause(process, machine)
      else this.#control.resume(process, machine)
    }
  }

  #cut(done: Done, target: Resolved, by: 1 | -1): void {
    if (target.kind === 'link') {
      this.#cutLink(target, by, done.action.oneWay)
      return
    }
    this.#eachLink(done, target, (from, to) => this.#control.cut(from, to, by))
  }

  #cutLink(link: { readonly from: number; readonly to: number }, by: 1 | -1, oneWay: boolean): void {
    this.#control.cut(link.from, link.to, by)
    if (!oneWay) this.#control.cut(link.to, link.from, by)
  }

  /** Bad links: those between the two sides, or, when only one is named, all that its machines have, once each. */
  #disturbLinks(done: Done, by: 1 | -1): void {
    const { action } = done
    const seen = new Set<string>()
    const disturb = (from: number, to: number): void => {
      if (seen.has(`${from} ${to}`)) return
      seen.add(`${from} ${to}`)
      if (action.do === 'delay') this.#control.slowLink(from, to, ms((action.by ?? 0) * by))
      else this.#control.loseOnLink(from, to, action.share ?? 1, by)
    }
    for (const target of done.targets) {
      if (target.kind === 'link' || done.others.length > 0) this.#eachLink(done, target, disturb)
      else for (const machine of machinesOf([target])) this.#eachLinkOf(machine, action.oneWay, disturb)
    }
  }

  #eachLinkOf(machine: number, oneWay: boolean, visit: (from: number, to: number) => void): void {
    for (const other of this.#control.others([machine])) {
      visit(machine, other)
      if (!oneWay) visit(other, machine)
    }
  }

  /** Every directed link between a target and the other side: what the plan names, or everyone else. */
  #eachLink(done: Done, target: Resolved, visit: (from: number, to: number) => void): void {
    if (target.kind === 'link') {
      visit(target.from, target.to)
      if (!done.action.oneWay) visit(target.to, target.from)
      return
    }
    const here = machinesOf([target])
    const side = machinesOf(done.targets)
    const there = done.others.length > 0 ? machinesOf(done.others) : this.#control.others(side)
    for (const from of here) {
      for (const to of there) {
        if (from === to) continue
        visit(from, to)
        if (!done.action.oneWay) visit(to, from)
      }
    }
  }

  #disturbDisks(action: FaultAction, target: Resolved, by: 1 | -1): void {
    for (const machine of machinesOf([target])) {
      if (action.do === 'slow-disk') this.#control.slowDisk(machine, ms((action.by ?? 0) * by))
      else if (by === 1) this.#control.loseDisk(machine)
      else this.#control.replaceDisk(machine)
    }
  }

  /** A role that is named twice is two machines, while there are as many. */
  #resolveAll(texts: readonly string[]): Resolved[] {
    const found: Resolved[] = []
    for (const text of texts) {
      const one = this.#resolve(text, machinesOf(found))
      if (one !== undefined) found.push(one)
    }
    return found
  }

  #resolve(text: string, taken: readonly number[]): Resolved | undefined {
    const target = readTarget(text)
    if (target === null) return undefined
    const { nodes } = this.#cluster.config
    const machine = (name: string) => nodes.findIndex((node) => node.name === name)
    switch (target.kind) {
      case 'name':
        return { kind: 'machines', machines: [machine(target.name)] }
      case 'zone':
        return { kind: 'machines', machines: [...nodes.keys()].filter((index) => nodes[index]!.zone === target.zone) }
      case 'process':
        return { kind: 'process', process: target.process, machine: machine(target.node) }
      case 'link':
        return { kind: 'link', from: machine(target.from), to: machine(target.to) }
      case 'role':
        return this.#resolveRole(target.role, taken)
    }
  }

  #resolveRole(role: string, taken: readonly number[]): Resolved | undefined {
    const { config, etcd, clients, keepalived } = this.#cluster
    const leader = etcd.leader()
    if (role === 'etcd-leader') return leader && { kind: 'process', process: 'etcd', machine: etcd.endpointOf(leader) }
    if (role === 'an etcd-follower') {
      const followers = etcd.members.filter(
        (member) => member.alive && member !== leader && !taken.includes(etcd.endpointOf(member)),
      )
      if (followers.length === 0) return undefined
      const pick = integerBelow(this.#simulation.streams.stream('plan/pick'), followers.length)
      return { kind: 'process', process: 'etcd', machine: etcd.endpointOf(followers[pick]!) }
    }
    if (role === 'the preferred api-server' && clients !== undefined && config.apiServer !== null) {
      const preferred = clients.shares.indexOf(Math.max(...clients.shares))
      return { kind: 'process', process: 'api-server', machine: config.apiServer.nodes[preferred]! }
    }
    if (role === 'address-holder' && config.loadBalancer !== null) {
      const holder = keepalived === undefined ? 0 : keepalived.holder
      return holder === -1 ? undefined : { kind: 'machines', machines: [config.loadBalancer.nodes[holder]!] }
    }
    return undefined
  }

  #trace(what: string): void {
    this.#simulation.tracer?.record(this.#simulation.now, 'plan', what)
  }
}

/** A reboot without `for`: the median of a virtual machine's restart (Hao et al. 2021: stop to start 33 to 34 s). */
const BOOT = 34_000

function machinesOf(targets: readonly Resolved[]): number[] {
  return targets.flatMap((target) => {
    if (target.kind === 'machines') return target.machines
    return target.kind === 'process' ? [target.machine] : [target.from]
  })
}

function label(action: FaultAction): string {
  return `${action.do} ${action.on.join(', ')}`
}
