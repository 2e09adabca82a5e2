import type { ApiServer } from '../components/apiserver/api-server.ts'
import type { PathState } from '../components/client/connections.ts'
import type { Balancer } from '../components/load-balancer/balancer.ts'
import type { Network } from '../infra/network.ts'

/** How a connection from an endpoint to a server's machine would end now. */
export function attempt(
  network: Network,
  from: number,
  server: ApiServer,
  serverEndpoint: number,
  machineUp: boolean,
): PathState {
  if (!machineUp || !network.connected(from, serverEndpoint)) return 'silent'
  if (server.paused) return 'silent'
  return server.listens ? 'up' : 'refused'
}

/**
 * Where new connections through a balancer end: round robin over the servers in rotation. A refused attempt is retried
 * on another server under `option redispatch` (with at least one other in rotation); otherwise it is repeated on the
 * same one for at least a second and counts as failed, as one that meets silence does.
 *
 * @param shares written: the share of attempts that opens, per server
 */
export function spreadNewConnections(
  balancer: Balancer,
  paths: readonly PathState[],
  redispatch: boolean,
  shares: Float64Array,
): void {
  let inRotation = 0
  let open = 0
  let refused = 0
  for (let server = 0; server < paths.length; server++) {
    if (!balancer.inRotation(server)) continue
    inRotation++
    if (paths[server] === 'up') open++
    else if (paths[server] === 'refused') refused++
  }
  if (open === 0) {
    spreadNowhere(shares)
    return
  }
  // Redispatched attempts go to the others in rotation, refusing ones aside, so the refused share spreads evenly.
  const moved = redispatch && inRotation > 1 ? refused / (inRotation - refused) : 0
  for (let server = 0; server < paths.length; server++) {
    shares[server] = paths[server] === 'up' && balancer.inRotation(server) ? (1 + moved) / inRotation : 0
  }
}

/** No connection opens. */
export function spreadNowhere(shares: Float64Array): void {
  for (let server = 0; server < shares.length; server++) shares[server] = 0
}

/** Without a balancer a client tries one server after another: any that opens will do. */
export function spreadDirect(paths: readonly PathState[], shares: Float64Array): void {
  let open = 0
  for (const each of paths) if (each === 'up') open++
  for (let server = 0; server < paths.length; server++) shares[server] = paths[server] === 'up' ? 1 / open : 0
}
