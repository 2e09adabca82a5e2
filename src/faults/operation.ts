import { PROCESS_KINDS, type ProcessKind } from '../cluster/control.ts'
import type { FaultAction } from './plan.ts'
import type { Resolved } from './resolve.ts'

/**
 * One thing done to a cluster, its targets settled: machines are indices into the model's nodes; an index beyond the last
 * one is the world outside, where clients are. Times in milliseconds. Each has its undoing.
 */
export type Operation =
  | { readonly kind: 'machine-down'; readonly machine: number; readonly graceful: boolean; readonly reboot: boolean }
  | {
      readonly kind: 'process-down'
      readonly process: ProcessKind
      readonly machine: number
      readonly graceful: boolean
    }
  | { readonly kind: 'pause'; readonly process: ProcessKind; readonly machine: number }
  | { readonly kind: 'cut'; readonly from: number; readonly to: number }
  | { readonly kind: 'delay'; readonly from: number; readonly to: number; readonly by: number }
  | { readonly kind: 'lose'; readonly from: number; readonly to: number; readonly share: number }
  | { readonly kind: 'slow-disk'; readonly machine: number; readonly by: number }
  | { readonly kind: 'lose-disk'; readonly machine: number }

/** A reboot that does not say how long it takes takes as long as a virtual machine's restart (Hao et al. 2021: 33 to 34 s). */
const BOOT = 34_000

/** Milliseconds until an action is undone; null: never. */
export function lastsOf(action: FaultAction): number | null {
  return action.for ?? (action.do === 'reboot' ? BOOT : null)
}

/**
 * What an action comes to.
 * @param outside index of the world outside: the number of machines
 */
export function operationsOf(
  action: FaultAction,
  targets: readonly Resolved[],
  others: readonly Resolved[],
  outside: number,
): Operation[] {
  switch (action.do) {
    case 'crash':
    case 'stop':
    case 'reboot':
      return targets.flatMap((target) => takeDown(target, action.do !== 'crash', action.do === 'reboot'))
    case 'pause':
      return targets.flatMap(pause)
    case 'cut':
    case 'isolate':
      return targets.flatMap((target) =>
        linksOf(target, targets, others, action.oneWay, outside).map(([from, to]) => ({ kind: 'cut', from, to })),
      )
    case 'delay':
    case 'lose':
      return disturb(action, targets, others, outside)
    case 'slow-disk':
      return machinesOf(targets).map((machine) => ({ kind: 'slow-disk', machine, by: action.by ?? 0 }))
    case 'lose-disk':
      return machinesOf(targets).map((machine) => ({ kind: 'lose-disk', machine }))
  }
}

/** A process, or, where a reboot says so or nothing else is named, the whole machine. A link is cut. */
function takeDown(target: Resolved, graceful: boolean, reboot: boolean): Operation[] {
  if (target.kind === 'process' && !reboot) return [{ ...target, kind: 'process-down', graceful }]
  if (target.kind === 'link') return bothWays(target, false).map(([from, to]) => ({ kind: 'cut', from, to }))
  return machinesOf([target]).map((machine) => ({ kind: 'machine-down', machine, graceful, reboot }))
}

function pause(target: Resolved): Operation[] {
  if (target.kind === 'process') return [{ ...target, kind: 'pause' }]
  if (target.kind === 'link') return []
  return target.machines.flatMap((machine) => PROCESS_KINDS.map((process) => ({ kind: 'pause', process, machine })))
}

/** Bad links: those between the two sides, or, when only one is named, all that its machines have, once each. */
function disturb(
  action: FaultAction,
  targets: readonly Resolved[],
  others: readonly Resolved[],
  outside: number,
): Operation[] {
  const links = targets.flatMap((target) =>
    target.kind === 'link' || others.length > 0
      ? linksOf(target, targets, others, action.oneWay, outside)
      : machinesOf([target]).flatMap((machine) =>
          everyoneBut([machine], outside).flatMap((other) => bothWays({ from: machine, to: other }, action.oneWay)),
        ),
  )
  const once = links.filter(([from, to], at) => links.findIndex(([a, b]) => a === from && b === to) === at)
  return once.map(([from, to]) =>
    action.do === 'delay'
      ? { kind: 'delay', from, to, by: action.by ?? 0 }
      : { kind: 'lose', from, to, share: action.share ?? 1 },
  )
}

type Link = readonly [from: number, to: number]

/** Every directed link between a target and the other side: what the plan names, or everyone else. */
function linksOf(
  target: Resolved,
  targets: readonly Resolved[],
  others: readonly Resolved[],
  oneWay: boolean,
  outside: number,
): Link[] {
  if (target.kind === 'link') return bothWays(target, oneWay)
  const there = others.length > 0 ? machinesOf(others) : everyoneBut(machinesOf(targets), outside)
  return machinesOf([target]).flatMap((from) =>
    there.filter((to) => to !== from).flatMap((to) => bothWays({ from, to }, oneWay)),
  )
}

function bothWays({ from, to }: { readonly from: number; readonly to: number }, oneWay: boolean): Link[] {
  return oneWay
    ? [[from, to]]
    : [
        [from, to],
        [to, from],
      ]
}

function everyoneBut(machines: readonly number[], outside: number): number[] {
  return Array.from({ length: outside + 1 }, (_, endpoint) => endpoint).filter((one) => !machines.includes(one))
}

export function machinesOf(targets: readonly Resolved[]): number[] {
  return targets.flatMap((target) => {
    if (target.kind === 'machines') return target.machines
    return target.kind === 'process' ? [target.machine] : [target.from]
  })
}
