import { Configurations } from './configurations.ts'
import type { Model } from './model.ts'
import type { Operation } from './operation.ts'
import { PlacedSet } from './placed-set.ts'
import { Timeline } from './timeline.ts'

/** What a {@link search} came to. `configurations`: how many pairs of placed operations and state it looked at. */
export type SearchOutcome<State, Op extends Operation> = { readonly configurations: number } & (
  | {
      readonly verdict: 'linearizable'
      /** An order in which the operations may have taken effect; those that are missing never did. */
      readonly order: readonly Op[]
    }
  | { readonly verdict: 'not linearizable'; readonly failure: Failure<State, Op> }
  | { readonly verdict: 'undecided' }
)

/** Why a history is not linearizable: the answer that no order can lead to. */
export interface Failure<State, Op extends Operation> {
  /** The first operation such that the history up to its answer is not linearizable; up to just before, it is. */
  readonly blocked: Op
  /** The longest order of operations that agrees with all that was answered before. */
  readonly order: readonly Op[]
  /** Every state in which that earlier history may have left the data. */
  readonly states: readonly State[]
  /** Known operations that were asked by then and have no place in `order`, in order of call; `blocked` is one. */
  readonly unplaced: readonly Op[]
}

/** One operation placed; the chain of steps back to the first is the order so far. */
interface Step<State> {
  readonly operation: number
  /** The state before, and which of the states that may follow was taken. */
  readonly state: State
  readonly print: string
  readonly choice: number
  /** Placed because it does no harm: there is nothing to be gained by placing it later. */
  readonly isFree: boolean
  readonly count: number
  readonly before: Step<State> | undefined
}

/**
 * Looks for an order of the operations that the model allows and that keeps every operation between its call and its
 * answer: depth first, each configuration once.
 *
 * The search is that of J. M. Wing and C. Gong, "Testing and verifying concurrent objects", J. Parallel Distrib.
 * Comput. 17 (1993), with the memory of configurations of G. Lowe, "Testing for linearizability", Concurrency and
 * Computation 29 (2017): two orders of the same operations that lead to the same state have the same future. Beyond
 * that, what is read-only is placed as soon as it is possible, and unknown operations only where known ones fail.
 *
 * @param limit configurations after which it gives up, because they are all remembered
 */
export function search<State, Op extends Operation>(
  operations: readonly Op[],
  model: Model<State, Op>,
  limit: number,
): SearchOutcome<State, Op> {
  return new Search(operations, model, limit).run()
}

class Search<State, Op extends Operation> {
  readonly #operations: readonly Op[]
  readonly #model: Model<State, Op>
  readonly #limit: number
  readonly #timeline: Timeline
  readonly #placed: PlacedSet
  readonly #seen = new Configurations()
  /** Known operations without a place. */
  #remaining: number
  #state: State
  #print: string
  #last: Step<State> | undefined
  /**
   * Where the search stands: the operation it may place next, the choice among the states that may follow, and whether
   * the known operations have been tried already and the unknown ones are up.
   */
  #event = 0
  #choice = 0
  #isKnownTried = false
  /** The latest answer at which the search had to turn back, the states it was in there, the longest order. */
  #blockedAt = -1
  readonly #blockedStates = new Map<string, State>()
  #blockedAfter: Step<State> | undefined

  constructor(operations: readonly Op[], model: Model<State, Op>, limit: number) {
    this.#operations = [...operations].sort((a, b) => a.call - b.call)
    this.#model = model
    this.#limit = limit
    this.#timeline = new Timeline(this.#operations)
    this.#placed = new PlacedSet(this.#operations)
    this.#remaining = operations.filter(({ known }) => known).length
    this.#state = model.initial
    this.#print = model.fingerprint(model.initial)
    this.#placeFree()
  }

  run(): SearchOutcome<State, Op> {
    // While a known operation is left its answer is in the list, and no walk can pass it: the list does not run out.
    while (this.#remaining > 0) {
      if (this.#seen.size > this.#limit) return { verdict: 'undecided', configurations: this.#seen.size }
      if (!this.#timeline.isAnswer(this.#event)) {
        if (!this.#place()) this.#standAt(this.#timeline.after(this.#event))
      } else if (!this.#isKnownTried) {
        this.#standAt(this.#timeline.first)
        this.#isKnownTried = true
      } else {
        this.#noteBlocked()
        if (!this.#retreat()) {
          return { verdict: 'not linearizable', configurations: this.#seen.size, failure: this.#failure() }
        }
      }
    }
    return { verdict: 'linearizable', configurations: this.#seen.size, order: this.#orderUpTo(this.#last) }
  }

  /** Gives the operation at hand the next place, if it can have it, and stands where the search goes on. */
  #place(): boolean {
    const index = this.#timeline.operationOf(this.#event)
    const operation = this.#operations[index]!
    if (operation.known === this.#isKnownTried || !this.#placed.isDue(index)) return false
    const states = this.#model.step(this.#state, operation)
    if (this.#choice >= states.length) return false
    const state = states[this.#choice]!
    const print = this.#model.fingerprint(state)
    if (!operation.known && print === this.#print) {
      // Without an effect it may as well have one later, or never.
      this.#choice++
      return true
    }
    this.#take(index, false)
    this.#state = state
    this.#print = print
    this.#placeFree()
    if (!this.#seen.add(this.#placed.fingerprint() + print, this.#placed.used)) this.#retreat()
    return true
  }

  /** Gives a place to every operation that is possible now and read-only, then stands at the first of the others. */
  #placeFree(): void {
    let event = this.#timeline.first
    while (this.#remaining > 0 && !this.#timeline.isAnswer(event)) {
      const index = this.#timeline.operationOf(event)
      const operation = this.#operations[index]!
      const isFree = operation.known && this.#model.isReadOnly(operation)
      if (isFree && this.#model.step(this.#state, operation).length > 0) this.#take(index, true)
      // What was lifted out still knows what came after it.
      event = this.#timeline.after(event)
    }
    this.#standAt(this.#timeline.first)
    this.#isKnownTried = false
  }

  #take(operation: number, isFree: boolean): void {
    const count = (this.#last?.count ?? 0) + 1
    const before = { state: this.#state, print: this.#print, choice: this.#choice, before: this.#last }
    this.#last = { ...before, operation, isFree, count }
    this.#timeline.lift(operation)
    this.#placed.add(operation)
    if (this.#operations[operation]!.known) this.#remaining--
  }

  /** Undoes the last step that has an alternative, and stands at that alternative; false if there is none. */
  #retreat(): boolean {
    for (let step = this.#last; step !== undefined; step = step.before) {
      const { known } = this.#operations[step.operation]!
      this.#last = step.before
      this.#timeline.putBack(step.operation)
      this.#placed.remove(step.operation)
      if (known) this.#remaining++
      this.#state = step.state
      this.#print = step.print
      if (step.isFree) continue
      this.#standAt(this.#timeline.callOf(step.operation), step.choice + 1)
      this.#isKnownTried = !known
      return true
    }
    return false
  }

  #standAt(event: number, choice = 0): void {
    this.#event = event
    this.#choice = choice
  }

  /** Everything answered before the event at hand has a place, so that the history up to there is linearizable. */
  #noteBlocked(): void {
    if (this.#event < this.#blockedAt) return
    if (this.#event > this.#blockedAt) {
      this.#blockedStates.clear()
      this.#blockedAfter = undefined
    }
    this.#blockedAt = this.#event
    this.#blockedStates.set(this.#print, this.#state)
    if ((this.#last?.count ?? 0) > (this.#blockedAfter?.count ?? 0)) this.#blockedAfter = this.#last
  }

  #failure(): Failure<State, Op> {
    const order = this.#orderUpTo(this.#blockedAfter)
    const placed = new Set(order)
    const isOpen = (operation: Op, index: number) =>
      operation.known && this.#timeline.callOf(index) < this.#blockedAt && !placed.has(operation)
    return {
      blocked: this.#operations[this.#timeline.operationOf(this.#blockedAt)]!,
      order,
      states: [...this.#blockedStates.values()],
      unplaced: this.#operations.filter(isOpen),
    }
  }

  #orderUpTo(last: Step<State> | undefined): Op[] {
    const order: Op[] = []
    for (let step = last; step !== undefined; step = step.before) order.push(this.#operations[step.operation]!)
    return order.reverse()
  }
}
