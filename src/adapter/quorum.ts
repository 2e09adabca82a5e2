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
  const hit = new Set(active.flatMap((operation) => ('machine' in operation ? [operation.machine] : [operation.from])))
  const healthy = config.etcd.nodes.filter((machine) => !hit.has(machine))
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

/** Whether some member that runs reaches, both ways, so many others that run as make a majority with it. */
function hasQuorum(config: ClusterConfig, active: readonly Operation[]): boolean {
  const down = new Set<number>()
  const cut = new Set<string>()
  for (const operation of active) {
    if (operation.kind === 'machine-down' || operation.kind === 'lose-disk') down.add(operation.machine)
    else if ((operation.kind === 'process-down' || operation.kind === 'pause') && operation.process === 'etcd')
      down.add(operation.machine)
    else if (operation.kind === 'cut' || (operation.kind === 'lose' && operation.share > 0.5))
      cut.add(`${operation.from} ${operation.to}`)
  }
  const running = config.etcd.nodes.filter((machine) => !down.has(machine))
  const reaches = (a: number, b: number): boolean => a === b || !(cut.has(`${a} ${b}`) || cut.has(`${b} ${a}`))
  return running.some((one) => running.filter((other) => reaches(one, other)).length >= majority(config))
}
