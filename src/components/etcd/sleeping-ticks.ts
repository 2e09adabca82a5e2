import type { Ms } from '../../base/units.ts'
import type { EtcdMember } from './member.ts'

// Ticks that a sleeping member would have had; its `nextTickAt` stays at the first of them.

/** Ticks of a member from when it fell asleep, up to but not including `until`. */
export function ticksBefore(member: EtcdMember, until: number): number {
  return Math.max(0, Math.ceil((until - member.nextTickAt) / member.config.tickInterval))
}

/** Ticks of a member from when it fell asleep, up to and including `at`. */
export function ticksThrough(member: EtcdMember, at: number): number {
  if (at < member.nextTickAt) return 0
  return Math.floor((at - member.nextTickAt) / member.config.tickInterval) + 1
}

/** When a member last ticked before `until`, asleep or not. */
export function lastTick(member: EtcdMember, until: number): Ms {
  return (member.nextTickAt + (ticksBefore(member, until) - 1) * member.config.tickInterval) as Ms
}
