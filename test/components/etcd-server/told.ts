import type { Conversation } from '../../../src/components/etcd/server/client.ts'
import { errorText } from '../../../src/components/etcd/server/errors.ts'

/** How a request ended, in the client's words. */
export const told = ({ outcome }: Conversation): string =>
  outcome === undefined ? 'no answer' : outcome.ok ? 'ok' : errorText(outcome.error)

/** How long a request took, in ms. */
export const took = ({ startedAt, endedAt }: Conversation): number => (endedAt ?? Number.NaN) - startedAt
