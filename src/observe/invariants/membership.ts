import { configurationOf, isJoint, membersOf } from '../../raft/configuration.ts'
import { majorityOf } from '../../raft/quorum.ts'
import type { ConfState, NodeId } from '../../raft/types.ts'
import { invariant } from './violation.ts'

interface AppliedConfiguration {
  readonly index: number
  readonly state: ConfState
  readonly key: string
}

/** T9: the one sequence of configurations, as members apply them. */
export class ConfigurationHistory {
  readonly #applied: AppliedConfiguration[]

  constructor(initial: ConfState) {
    this.#applied = [{ index: 1, state: initial, key: keyOf(initial) }]
  }

  /** The newest configuration anyone has applied. */
  get newest(): ConfState {
    return this.#applied.at(-1)!.state
  }

  /** A member has applied the change at `index` and has `state` now. */
  applied(id: NodeId, index: number, state: ConfState): void {
    const last = this.#applied.at(-1)!
    if (index <= last.index) {
      this.checkAt(id, index, state)
      return
    }
    invariant(
      overlaps(last.state, state),
      'T9',
      () =>
        `the configuration applied by member ${id} at index ${index} (${keyOf(state)}) has a majority apart from ${last.key}`,
    )
    this.#applied.push({ index, state, key: keyOf(state) })
  }

  /** A member has started from, or been sent, a state at `index` with this configuration. */
  checkAt(id: NodeId, index: number, state: ConfState): void {
    // A member that has yet to join knows nobody.
    if (index === 0) return
    let at = this.#applied.length - 1
    while (at > 0 && this.#applied[at]!.index > index) at--
    const expected = this.#applied[at]!
    invariant(
      expected.key === keyOf(state),
      'T9',
      () => `member ${id} has the configuration ${keyOf(state)} at index ${index}, others ${expected.key}`,
    )
  }
}

function keyOf(state: ConfState): string {
  const outgoing = isJoint(configurationOf(state)) ? `&&(${state.votersOutgoing.join(' ')})` : ''
  const learners = [...state.learners, ...state.learnersNext.map((id) => `next ${id}`)]
  return `(${state.voters.join(' ')})${outgoing}${learners.length > 0 ? ` learners (${learners.join(' ')})` : ''}`
}

/** Whether every quorum of one configuration meets every quorum of the other: tried over all sets of members. */
function overlaps(a: ConfState, b: ConfState): boolean {
  const everyone = [...new Set([...membersOf(configurationOf(a)), ...membersOf(configurationOf(b))])]
  for (let set = 0; set < 2 ** everyone.length; set++) {
    const inside = everyone.filter((_, i) => (set >> i) % 2 === 1)
    const outside = everyone.filter((id) => !inside.includes(id))
    if (isQuorum(a, inside) && isQuorum(b, outside)) return false
  }
  return true
}

function isQuorum({ voters, votersOutgoing }: ConfState, members: readonly NodeId[]): boolean {
  return [voters, votersOutgoing].every(
    (half) => half.length === 0 || half.filter((id) => members.includes(id)).length >= majorityOf(half.length),
  )
}
