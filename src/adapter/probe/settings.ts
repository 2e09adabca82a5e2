/** What the prober is told on its standard input, as one line of JSON. */
export interface ProberSettings {
  /** Members by machine, e.g. `http://10.77.0.11:2379`. */
  readonly etcd: readonly { readonly machine: number; readonly name: string; readonly url: string }[]
  /** Health checks of API servers, asked directly. */
  readonly servers: readonly {
    readonly name: string
    readonly url: string
    readonly headers: ProbeRequest['headers']
  }[]
  /** Requests through the balancer; null: there is none. */
  readonly balancer: {
    readonly write: ProbeRequest
    readonly read: ProbeRequest
  } | null
  /** Between two writes at members, which take turns; between two requests of a kind through the balancer (ms). */
  readonly etcdEvery: number
  readonly balancerEvery: number
  /** Between two looks at each member's status, and at each API server's readiness (ms). */
  readonly statusEvery: number
  /** After this a client gives up (ms). */
  readonly timeout: number
  /** Files that the user keeps; null: plain HTTP, or a public certificate. */
  readonly tls: {
    readonly ca: string | null
    readonly cert: string | null
    readonly key: string | null
    /** Whether certificates that nobody signed are taken: of servers that hasim started itself. */
    readonly takesAny?: boolean
  }
}

/** `{turn}` in a body is the number of the request. */
export interface ProbeRequest {
  readonly url: string
  readonly method: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string | null
}

/** Lines of the prober's standard output: its kinds of JSON arrays. */
export type ProberLine =
  | readonly ['probe', series: string, at: number, outcome: 'ok' | 'refused' | 'unknown', latency: number]
  | readonly ['member', at: number, machine: number, id: string, leader: string, term: number, healthy: boolean | null]
