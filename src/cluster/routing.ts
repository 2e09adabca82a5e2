import type { ApiServer } from '../components/apiserver/api-server.ts'
import type { Balancer } from '../components/load-balancer/balancer.ts'
import type { Network } from '../infra/network.ts'

/** How a connection attempt at a server would end. */
export type Attempt = 'opens' | 'refused' | 'silent'

/** How a connection from an endpoint to a server's machine would end now. */
export function attempt(
  network: Network,
  from: number,
  server: ApiServer,
  serverEndpoint: number,
  machineUp: boolean,
): Attempt {
  if (!machineUp || !network.connected(from, serverEndpoint)) return 'silent'
  if (server.paused) return 'silent'
  return server.listens ? 'opens' : 'refused'
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
  attempts: readonly Attempt[],
  redispatch: boolean,
  shares: Float64Array,
): void {
  shares.fill(0)
  let inRotation = 0
  let open = 0
  let refused = 0
  for (let server = 0; server < attempts.length; server++) {
    if (!balancer.inRotation(server)) continue
    inRotation++
    if (attempts[server] === 'opens') open++
    else if (attempts[server] === 'refused') refused++
  }
  if (open === 0) return
  // Redispatched attempts go to the others in rotation, refusing ones aside, so the refused share spreads evenly.
  const moved = redispatch && inRotation > 1 ? refused / (inRotation - refused) : 0
  for (let server = 0; server < attempts.length; server++) {
    if (attempts[server] === 'opens' && balancer.inRotation(server)) shares[server] = (1 + moved) / inRotation
  }
}

/** Without a balancer a client tries one server after another: any that opens will do. */
export function spreadDirect(attempts: readonly Attempt[], shares: Float64Array): void {
  let open = 0
  for (const each of attempts) if (each === 'opens') open++
  for (let server = 0; server < attempts.length; server++) shares[server] = attempts[server] === 'opens' ? 1 / open : 0
}
