import { listOf } from '../base/list.ts'
import { type Configuration, EMPTY_CONFIGURATION, membersOf } from './configuration.ts'
import { Inflights } from './inflights.ts'
import { Progress } from './progress.ts'
import { type AckedIndexes, jointCommitted, jointVote, majorityOf, type VoteResult } from './quorum.ts'
import type { NodeId } from './types.ts'

const NO_VOTES: ReadonlyMap<NodeId, boolean> = new Map()

/** The membership, what is known of each member, and the votes of an election. */
export class Tracker implements AckedIndexes {
  readonly #maxInflightMsgs: number
  readonly #maxInflightBytes: number
  #configuration: Configuration = EMPTY_CONFIGURATION
  #peers: readonly Progress[] = []
  /** Made when the first vote comes: most members restart and never ask for one. */
  #votes: Map<NodeId, boolean> | undefined

  constructor(maxInflightMsgs: number, maxInflightBytes: number) {
    this.#maxInflightMsgs = maxInflightMsgs
    this.#maxInflightBytes = maxInflightBytes
  }

  get configuration(): Configuration {
    return this.#configuration
  }

  /** Every member including this one, ascending; the list changes only with the membership. */
  get peers(): readonly Progress[] {
    return this.#peers
  }

  progress(id: NodeId): Progress | undefined {
    // A handful of members: looking through them is quicker than any index, and so is not having to build one.
    const peers = this.#peers
    for (let i = 0; i < peers.length; i++) if (peers[i]!.id === id) return peers[i]
    return undefined
  }

  /** Whether one voter alone decides. */
  get isSingleton(): boolean {
    return this.#configuration.incoming.length === 1 && this.#configuration.outgoing.length === 0
  }

  /** Takes over a configuration; members not in `kept` start from nothing, to be probed from `lastIndex`. */
  switchTo(configuration: Configuration, kept: ReadonlySet<NodeId>, lastIndex: number): void {
    this.#configuration = configuration
    const members = membersOf(configuration)
    this.#peers = listOf(members.length, (index) => {
      const id = members[index]!
      const old = kept.has(id) ? this.progress(id) : undefined
      const progress =
        old ?? new Progress(id, Math.max(lastIndex, 1), new Inflights(this.#maxInflightMsgs, this.#maxInflightBytes))
      progress.isLearner = configuration.learners.includes(id)
      return progress
    })
  }

  ackedIndex(id: NodeId): number | undefined {
    return this.progress(id)?.match
  }

  /** Highest index that a quorum has; infinite without voters. */
  committed(): number {
    return jointCommitted(this.#configuration, this)
  }

  resetVotes(): void {
    this.#votes = undefined
  }

  /** Notes a vote; the first one of each member counts. */
  recordVote(id: NodeId, granted: boolean): void {
    this.#votes ??= new Map()
    if (!this.#votes.has(id)) this.#votes.set(id, granted)
  }

  voteResult(): VoteResult {
    return jointVote(this.#configuration, this.#votes ?? NO_VOTES)
  }

  /** Whether a quorum of both halves was heard from since the last check. */
  get quorumActive(): boolean {
    return this.#majorityActive(this.#configuration.incoming) && this.#majorityActive(this.#configuration.outgoing)
  }

  #majorityActive(voters: readonly NodeId[]): boolean {
    if (voters.length === 0) return true
    let active = 0
    for (let i = 0; i < voters.length; i++) if (this.progress(voters[i]!)?.recentActive === true) active++
    return active >= majorityOf(voters.length)
  }
}
