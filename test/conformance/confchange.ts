import { type ConfChangeOutcome, enterJoint, leaveJoint, simpleChange } from '../../src/raft/configuration.ts'
import { describeConfiguration, describePeers } from '../../src/raft/describe.ts'
import { Tracker } from '../../src/raft/tracker.ts'
import { option } from './arguments.ts'
import type { Directive } from './data-driven.ts'
import { parseChanges } from './parse-changes.ts'

export function isConfChangeCommand(command: string): boolean {
  return command === 'simple' || command === 'enter-joint' || command === 'leave-joint'
}

/** Answers the commands of one membership file: each changes the configuration, and the log grows by one entry. */
export function confChangeHandler(): (directive: Directive) => string {
  const tracker = new Tracker(10, Number.POSITIVE_INFINITY)
  let lastIndex = 0
  return (directive) => {
    const outcome = change(tracker, directive)
    const at = lastIndex++
    if (typeof outcome === 'string') return outcome
    if (!outcome.ok) return outcome.error
    tracker.switchTo(outcome.configuration, outcome.kept, at)
    return `${describeConfiguration(tracker.configuration)}\n${describePeers(tracker.peers)}`
  }
}

function change({ configuration }: Tracker, { command, args, input }: Directive): ConfChangeOutcome | string {
  const changes = parseChanges(input.join(' '))
  if (changes === undefined) return `unknown input: ${input.join(' ')}`
  switch (command) {
    case 'simple':
      return simpleChange(configuration, changes)
    case 'enter-joint':
      return enterJoint(configuration, option(args, 'autoleave') === 'true', changes)
    case 'leave-joint':
      return changes.length > 0 ? 'this command takes no input' : leaveJoint(configuration)
    default:
      return 'unknown command'
  }
}
