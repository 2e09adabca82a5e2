import type { ClusterConfig } from '../cluster/config.ts'
import { lastsOf, type Operation, operationsOf } from '../faults/operation.ts'
import { type FaultPlan, labelOf } from '../faults/plan.ts'
import type { ClusterFacts } from '../faults/ports.ts'
import { resolveAll } from '../faults/resolve.ts'

/** Why a plan needs --allow-quorum-loss; empty: it does not. Roles are taken to fall where they hurt most. */
export function dangersOf(plan: FaultPlan, config: ClusterConfig): string[] {
  const dangers: string[] = []
  const active: { readonly until: number; readonly operations: readonly Operation[] }[] = []
  for (const action of [...plan.actions].sort((a, b) => a.at - b.at)) {
    const now = active.filter(({ until }) => until > action.at)
    const facts = worstFacts(
      config,
      now.flatMap(({ operations }) => operations),
    )
    const resolve = (texts: readonly string[]) => resolveAll(texts, config, facts, () => 0)
    const operations = operationsOf(action, resolve(action.on), resolve(action.from), config.nodes.length)
    active.push({ until: action.at + (lastsOf(action) ?? Number.POSITIVE_INFINITY), operations })
    if (operations.some(({ kind }) => kind === 'lose-disk'))
      dangers.push(`${labelOf(action)} destroys the data of a member`)
    const all = [...now.flatMap((one) => one.operations), ...operations]
    if (!hasQuorum(config, all)) {
      dangers.push(
        `${labelOf(action)} (at ${action.at / 1000} s) may leave etcd without a quorum: ${config.etcd.nodes.length} members need ${majority(config)}`,
      )
    }
  }
  return dangers
}

/** Roles belong to members that nothing is wrong with yet: each fault hits another one. */
function worstFacts(config: ClusterConfig, active: readonly Operation[]): ClusterFacts {
  const { running, reaches } = connections(config, active)
  const outside = config.nodes.length
  const healthy = running.filter((machine) => reaches(machine, outside))
  return {
    etcd: { leader: healthy[0] ?? null, term: 1, alive: healthy },
    preferredApiServer: config.apiServer?.nodes[0] ?? null,
    serversUp: null,
    addressHolder: config.loadBalancer?.nodes[0] ?? null,
  }
}

function majority(config: ClusterConfig): number {
  return Math.floor(config.etcd.nodes.length / 2) + 1
}

/**
 * Whether some member that runs and is reached from outside reaches, both ways, so many others that run as make a majority
 * with it.
 */
function hasQuorum(config: ClusterConfig, active: readonly Operation[]): boolean {
  const { running, reaches } = connections(config, active)
  return running.some(
    (one) =>
      reaches(one, config.nodes.length) && running.filter((other) => reaches(one, other)).length >= majority(config),
  )
}

interface Connections {
  /** Machines whose member runs. */
  readonly running: readonly number[]
  /** Whether two endpoints hear each other. */
  readonly reaches: (a: number, b: number) => boolean
}

function connections(config: ClusterConfig, active: readonly Operation[]): Connections {
  const down = new Set<number>()
  const cut = new Set<string>()
  for (const operation of active) {
    switch (operation.kind) {
      case 'machine-down':
      case 'lose-disk':
        down.add(operation.machine)
        break
      case 'process-down':
      case 'pause':
        if (operation.process === 'etcd') down.add(operation.machine)
        break
      case 'cut':
        cut.add(`${operation.from} ${operation.to}`)
        break
      case 'lose':
        if (operation.share > HARDLY_A_LINK) cut.add(`${operation.from} ${operation.to}`)
        break
      default:
    }
  }
  return {
    running: config.etcd.nodes.filter((machine) => !down.has(machine)),
    reaches: (a, b) => a === b || !(cut.has(`${a} ${b}`) || cut.has(`${b} ${a}`)),
  }
}

/** A link that loses more than this share counts as cut. */
const HARDLY_A_LINK = 0.5
