import type { FixedSettings, GroupSettings, StepFamily } from '../../src/check/arbitrary.ts'
import type { Mutation } from '../../src/check/host-rules.ts'
import type { InvariantName } from '../../src/observe/invariants/violation.ts'
import type { RawNode } from '../../src/raft/raw-node.ts'
import type { Message } from '../../src/raft/types.ts'

/** A bug that is put into the core or its host on purpose, and what is known of how it is found. */
export interface SeededBug {
  /** What is wrong. */
  readonly title: string
  /** Where it comes from: a paper, an issue, a rule of the library. */
  readonly source: string
  readonly mutation: Mutation
  /** Invariants of which one must catch it. */
  readonly caughtBy: readonly InvariantName[]
  /** Runs within which it must be found. */
  readonly within: number
  /** The group it needs; default three members of 3.6 with pre-vote. */
  readonly group?: Partial<GroupSettings> & { readonly size?: number }
  /** Settings without which it cannot show. */
  readonly fixed?: FixedSettings
  /** Kinds of steps that it takes, where others only stand in the way. */
  readonly families?: readonly StepFamily[]
}

/** Puts `change` before every message of a node's; undefined drops the message. */
export function onStep(node: RawNode, change: (m: Message) => Message | undefined): void {
  const step = node.step.bind(node)
  node.step = (m) => {
    const changed = change(m)
    return changed === undefined ? undefined : step(changed)
  }
}
