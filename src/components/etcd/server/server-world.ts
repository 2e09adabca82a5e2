import type { Message } from '../../../raft/types.ts'
import type { Outcome, Request } from './requests.ts'
import type { EtcdServer } from './server.ts'

/** What a server needs of the others and of the streams between them. Members are named by their Raft ids. */
export interface ServerWorld {
  send(from: EtcdServer, message: Message): void
  /** Since when the stream to a member has been up; undefined: it is not. */
  connectedSince(from: EtcdServer, member: number): number | undefined
  /** Asks a peer over HTTP. `done` hears undefined when there is no way to it; never, when the way is cut midway. */
  forward(from: EtcdServer, member: number, request: Request, done: (outcome: Outcome | undefined) => void): void
}
