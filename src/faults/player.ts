import { type Ms, ms } from '../base/units.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { ControlPort } from '../cluster/control.ts'
import type { FaultListener } from '../cluster/fault-listener.ts'
import { integerBelow } from '../engine/random.ts'
import type { Actor, Simulation } from '../engine/simulation.ts'
import { lastsOf, type Operation, operationsOf } from './operation.ts'
import type { FaultAction, FaultPlan } from './plan.ts'
import { labelOf } from './plan.ts'
import type { ClusterFacts, Control, Facts } from './ports.ts'
import { resolveAll } from './resolve.ts'
import { SimulatedControl, SimulatedFacts } from './simulated.ts'

type PlayEvent =
  | { readonly kind: 'begin'; readonly action: FaultAction }
  /** What was done is undone, even if roles have moved since. */
  | { readonly kind: 'end'; readonly action: FaultAction; readonly operations: readonly Operation[] }

/** Plays a fault plan on a simulated cluster through the two ports. */
export class FaultPlayer implements Actor<PlayEvent> {
  readonly #simulation: Simulation
  readonly #cluster: Cluster
  readonly #control: Control<void>
  readonly #facts: Facts<ClusterFacts>
  readonly #listener: FaultListener

  constructor(simulation: Simulation, cluster: Cluster, control: ControlPort, listener: FaultListener) {
    this.#simulation = simulation
    this.#cluster = cluster
    this.#control = new SimulatedControl(control)
    this.#facts = new SimulatedFacts(cluster)
    this.#listener = listener
  }

  /** Plans every action; `origin` is the clock at the plan's zero. */
  play(plan: FaultPlan, origin: Ms): void {
    for (const action of plan.actions) {
      this.#simulation.scheduleAgenda(ms(origin + action.at), this, { kind: 'begin', action })
    }
  }

  handle(event: PlayEvent): void {
    const { action } = event
    if (event.kind === 'end') {
      this.#listener.faultEnded('plan', labelOf(action))
      this.#trace(`undoes ${labelOf(action)}`)
      this.#control.undo(event.operations, lastsOf(action))
      return
    }
    const operations = this.#operations(action)
    this.#listener.faultBegan('plan', labelOf(action))
    this.#trace(labelOf(action))
    const lasts = lastsOf(action)
    this.#control.begin(operations, lasts)
    if (lasts === null) return
    const until = (this.#simulation.now + ms(lasts)) as Ms
    this.#simulation.scheduleAgenda(until, this, { kind: 'end', action, operations })
  }

  #operations(action: FaultAction): Operation[] {
    const facts = this.#facts.look()
    const pick = (count: number) => integerBelow(this.#simulation.streams.stream('plan/pick'), count)
    const resolve = (texts: readonly string[]) => resolveAll(texts, this.#cluster.config, facts, pick)
    return operationsOf(action, resolve(action.on), resolve(action.from), this.#cluster.outside)
  }

  #trace(what: string): void {
    this.#simulation.tracer?.record(this.#simulation.now, 'plan', what)
  }
}
