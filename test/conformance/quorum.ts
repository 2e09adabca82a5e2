import {
  type AckedIndexes,
  jointCommitted,
  jointVote,
  majorityCommitted,
  majorityVote,
  type Voters,
} from '../../src/raft/quorum.ts'
import { integer, options } from './arguments.ts'
import type { Directive } from './data-driven.ts'

export function isQuorumCommand(command: string): boolean {
  return command === 'committed' || command === 'vote'
}

/** Answers the commands of one quorum file; of the charts in the files only the last line, the answer, is made. */
export function quorumHandler(): (directive: Directive) => string {
  return ({ command, args }) => {
    const incoming = options(args, 'cfg').map(integer)
    const second = options(args, 'cfgj')
    const outgoing = second[0] === 'zero' ? [] : second.map(integer)
    const joint = second.length > 0
    const ids = [...new Set([...incoming, ...outgoing])]
    const given = options(args, command === 'vote' ? 'votes' : 'idx')
    if (given.length !== ids.length) return `error: mismatched input for voters (${ids.join(' ')}): ${given.join(' ')}`
    // An underscore is a voter that has said nothing.
    const said = new Map(ids.map((id, i) => [id, given[i]!] as const).filter(([, text]) => text !== '_'))
    const voters: Voters = { incoming, outgoing }
    if (command === 'vote') {
      const votes = new Map([...said].map(([id, text]) => [id, text === 'y'] as const))
      return joint ? jointVote(voters, votes) : majorityVote(incoming, votes)
    }
    const acked: AckedIndexes = { ackedIndex: (id) => (said.has(id) ? integer(said.get(id)) : undefined) }
    const index = joint ? jointCommitted(voters, acked) : majorityCommitted(incoming, acked)
    const answer = index === Number.POSITIVE_INFINITY ? '∞' : String(index)
    return ids.length === 0 ? `<empty majority quorum>${answer}` : answer
  }
}
