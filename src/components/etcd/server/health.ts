import type { AlarmKind, HealthPath } from './requests.ts'
import { type EtcdVersion, isSince } from './version.ts'

/** What a health endpoint looks at, in this order; the first two paths stop at the first failure. */
export type HealthCheck =
  | 'alarms'
  | 'leader'
  | 'data_corruption'
  | 'serializable_read'
  | 'linearizable_read'
  | 'non_learner'

/** What a probe asks for: `?serializable=true`, `?exclude=NOSPACE`. */
export interface HealthQuery {
  readonly path: HealthPath
  readonly serializable?: boolean
  readonly exclude?: readonly AlarmKind[]
}

/** What a member knows without asking anybody. */
export interface HealthFacts {
  readonly alarms: ReadonlySet<AlarmKind>
  readonly knowsLeader: boolean
  readonly learner: boolean
}

/**
 * The checks behind an endpoint; undefined where the release has no such endpoint. `/health` fails for any alarm, so a
 * full database takes a member out of service there; `/readyz` looks at corruption only, `/livez` at the process alone,
 * so that nobody restarts healthy members of a cluster without quorum (api/etcdhttp/health.go).
 */
export function healthChecks(version: EtcdVersion, query: HealthQuery): readonly HealthCheck[] | undefined {
  switch (query.path) {
    case '/health':
      return query.serializable === true ? ['alarms', 'serializable_read'] : ['alarms', 'leader', 'linearizable_read']
    case '/livez':
      return isSince(version, { '3.4': 29, '3.5': 11, '3.6': 0 }) ? ['serializable_read'] : undefined
    case '/readyz': {
      if (!isSince(version, { '3.4': 29, '3.5': 11, '3.6': 0 })) return undefined
      const checks: HealthCheck[] = ['data_corruption', 'serializable_read', 'linearizable_read']
      return isSince(version, { '3.5': 19, '3.6': 0 }) ? [...checks, 'non_learner'] : checks
    }
  }
}

/** Whether a check that needs no read passes; undefined: it is a read, and only doing it tells. */
export function passesLocally(
  check: HealthCheck,
  facts: HealthFacts,
  exclude: readonly AlarmKind[],
): boolean | undefined {
  switch (check) {
    case 'alarms':
      return [...facts.alarms].every((alarm) => exclude.includes(alarm))
    case 'leader':
      return facts.knowsLeader
    case 'data_corruption':
      return !facts.alarms.has('CORRUPT')
    case 'non_learner':
      return !facts.learner
    case 'serializable_read':
    case 'linearizable_read':
      return undefined
  }
}

/**
 * The verdict of `etcdctl endpoint health` on one endpoint. A read that was refused for want of permission has still
 * been served. From 3.5 any alarm, or none to be had, makes it unhealthy too (etcdctl/ctlv3/command/ep_command.go).
 */
export function endpointHealthy(
  version: EtcdVersion,
  read: 'ok' | 'permission-denied' | 'failed',
  alarms: readonly AlarmKind[] | undefined,
): boolean {
  if (read === 'failed') return false
  if (read === 'permission-denied' || !isSince(version, { '3.5': 0 })) return true
  return alarms !== undefined && alarms.length === 0
}
