import type { ClusterConfig } from '../../cluster/config.ts'
import type { LocalSpec } from '../../experiment/spec-target.ts'
import { type Layout, type Place, PORTS } from './layout.ts'

/** What daemons of a run are told by: an environment variable that all that was started carries. */
export const MARK = 'HASIM_RUN'

export interface Site {
  readonly spec: LocalSpec
  readonly config: ClusterConfig
  readonly layout: Layout
  /** Holds data, logs, sockets; made for this run and removed with it. */
  readonly directory: string
  readonly run: string
  /** Machines whose member lost its data and has been added to the cluster anew. */
  readonly rejoined: Set<number>
}

export const clientUrl = ({ address }: Place): string => `http://${address}:${PORTS.client}`
export const peerUrl = ({ address }: Place): string => `http://${address}:${PORTS.peer}`
