/**
 * etcd as its clients know it: members that take real requests and give real outcomes, on the simulation's kernel.
 *
 * @module
 */
export {
  forceNewCluster,
  lostRevisions,
  type RestoreOptions,
  restoreSnapshot,
  type SnapshotFile,
  saveSnapshot,
} from './backup.ts'
export { EtcdClient } from './client.ts'
export { type ServerConfig, serverConfig } from './config.ts'
export { type DataDirectory, emptyDirectory, newClusterDirectory } from './durable.ts'
export { type Certainty, ERRORS, type EtcdError, errorText, type GrpcCode } from './errors.ts'
export { endpointHealthy } from './health.ts'
export { type MembershipView, refuseChange } from './membership.ts'
export type { Answer, Command, Outcome, Refusal, Request, RequestOptions, RequestSink } from './requests.ts'
export { EtcdServer } from './server.ts'
export { EtcdServers } from './servers.ts'
export { type EtcdVersion, etcdVersion } from './version.ts'
