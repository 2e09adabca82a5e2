/**
 * What a health check meets at an API server: `ok` (200), `error` (a quick wrong answer), `refused` (nobody listens),
 * `hangs` (the connection opens and nothing answers), `unreachable` (no way there).
 */
export type HealthAnswer = 'ok' | 'error' | 'refused' | 'hangs' | 'unreachable'

/** What a balancer asks of the servers behind it. Indices are API servers, endpoints are the network's. */
export interface HealthPort {
  probe(endpoint: number, server: number): HealthAnswer
  /** Round trip of a check that is answered at once. */
  roundTrip(endpoint: number, server: number): number
}
