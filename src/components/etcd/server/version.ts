import type { RaftVersion } from '../../../raft/config.ts'

/** A release of etcd: many rules of the server changed within a line, not between lines. */
export interface EtcdVersion {
  readonly line: RaftVersion
  readonly patch: number
}

/** The newest patch of each line whose rules are described here. */
const NEWEST: { readonly [line in RaftVersion]: number } = { '3.4': 45, '3.5': 33, '3.6': 14, '3.7': 1 }

/** First patch of each line that follows a rule; a line that is not named follows it if an older line does. */
export type Since = { readonly [line in RaftVersion]?: number }

/** `3.5` (its newest patch) or `3.5.12`; undefined if it is neither. */
export function etcdVersion(text: string): EtcdVersion | undefined {
  const match = /^(3\.[4-7])(?:\.(\d+))?$/.exec(text)
  if (match === null) return undefined
  const line = match[1] as RaftVersion
  return { line, patch: match[2] === undefined ? NEWEST[line] : Number(match[2]) }
}

/** Whether a release follows a rule that was brought to several lines. */
export function isSince(version: EtcdVersion, since: Since): boolean {
  const own = since[version.line]
  if (own !== undefined) return version.patch >= own
  return Object.keys(since).some((line) => line < version.line)
}
