import type { ClusterConfig } from '../cluster/config.ts'
import { lastsOf } from '../faults/operation.ts'
import { type FaultAction, type FaultPlan, labelOf } from '../faults/plan.ts'
import { type FaultTarget, readFaultTarget } from '../faults/target.ts'

/** A plan in another tool's form. */
export interface Exported {
  readonly text: string
  /** What that form cannot say, a sentence each; never dropped silently. */
  readonly lost: readonly string[]
}

export type Exporter = (plan: FaultPlan, cluster: ClusterConfig) => Exported

/** An action or its undoing, in order of time from the first action on. */
export interface Step {
  /** Milliseconds from the first action. */
  readonly at: number
  /** Ordinal of the action, from 1. */
  readonly number: number
  readonly action: FaultAction
  readonly begins: boolean
}

/** What a plan does, one after another; what has no end of its own ends with the plan. */
export function stepsOf(plan: FaultPlan): Step[] {
  const first = Math.min(...plan.actions.map(({ at }) => at))
  const last = Math.max(...plan.actions.map((action) => action.at - first + (lastsOf(action) ?? 0)))
  const sorted = [...plan.actions].sort((a, b) => a.at - b.at)
  const steps = sorted.flatMap((action, i): Step[] => {
    const at = action.at - first
    const lasts = lastsOf(action)
    return [
      { at, number: i + 1, action, begins: true },
      { at: lasts === null ? last : at + lasts, number: i + 1, action, begins: false },
    ]
  })
  return steps.sort((a, b) => a.at - b.at || a.number - b.number)
}

export function targetsOf(texts: readonly string[]): FaultTarget[] {
  return texts.map(readFaultTarget).filter((target) => target !== null)
}

/** Machines that a target names, by name; a role names none until it is asked who has it. */
export function machinesNamed(target: FaultTarget, { nodes }: ClusterConfig): string[] {
  switch (target.kind) {
    case 'name':
      return [target.name]
    case 'process':
      return [target.node]
    case 'zone':
      return nodes.filter(({ zone }) => zone === target.zone).map(({ name }) => name)
    case 'link':
      return [target.from]
    case 'role':
      return []
  }
}

/** Nodes with an etcd member, by name. */
export function memberNames({ etcd, nodes }: ClusterConfig): string[] {
  return etcd.nodes.map((node) => nodes[node]!.name)
}

export const inWords = (action: FaultAction): string => `${labelOf(action)} at ${action.at / 1000} s`

/** Milliseconds as Go writes durations. */
export function goDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}
