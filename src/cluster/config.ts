import type { Distribution } from '../engine/distribution.ts'

/**
 * A Kubernetes control plane, total and frozen: every default is filled in (from models/products), every name is
 * resolved to an index into `nodes`. Times are milliseconds.
 */
export interface ClusterConfig {
  readonly name: string
  readonly zones: readonly string[]
  /** All machines, group by group: `control-plane-1`, …, `balancer-1`, … */
  readonly nodes: readonly NodeConfig[]
  readonly etcd: EtcdConfig
  /** null: no API servers are modelled (service `etcd` only). */
  readonly apiServer: ApiServerConfig | null
  /** null: clients talk to the API servers themselves, one after another. */
  readonly loadBalancer: LoadBalancerConfig | null
  readonly network: NetworkConfig
  readonly clients: ClientConfig
  readonly failures: FailureProfile
}

export interface NodeConfig {
  readonly name: string
  readonly group: string
  readonly zone: string
}

export interface EtcdConfig {
  /** Indices into `nodes`, one per member. */
  readonly nodes: readonly number[]
  readonly version: '3.4' | '3.5' | '3.6'
  readonly heartbeatInterval: number
  readonly electionTimeout: number
  readonly preVote: boolean
  readonly initialElectionTickAdvance: boolean
  /** Duration of one fdatasync of the write-ahead log. */
  readonly fsync: Distribution
  /** From the start of the process to its first tick (loading snapshot and log). */
  readonly processStart: Distribution
  /** From SIGTERM to the process's end, once leadership is handed over. */
  readonly processStop: Distribution
  /** Client writes a second that reach the leader while nothing is wrong: each resets the followers' timers. */
  readonly writesPerSecond: number
}

export interface ApiServerConfig {
  readonly nodes: readonly number[]
  /** `local`: only the member on its own node (stacked). `all`: every member (external). */
  readonly etcd: 'local' | 'all'
  /** From container start to answering /readyz, with etcd healthy. */
  readonly processStart: Distribution
  /** A starting server that cannot reach etcd exits after this long. */
  readonly startTimeout: number
  /** --etcd-healthcheck-timeout. */
  readonly etcdHealthcheckTimeout: number
  /** gRPC keepalive: time + timeout until a hung etcd endpoint is dropped. */
  readonly etcdKeepaliveTime: number
  readonly etcdKeepaliveTimeout: number
  readonly kubelet: KubeletConfig
}

/** The kubelet's handling of the API server's static pod. */
export interface KubeletConfig {
  readonly livenessPeriod: number
  readonly livenessFailureThreshold: number
  readonly readinessPeriod: number
  readonly terminationGracePeriod: number
  /** First back-off, doubled at each restart, up to the cap; forgotten after running for twice the cap. */
  readonly backOffInitial: number
  readonly backOffMax: number
}

export interface LoadBalancerConfig {
  /** `haproxy`: active checks. `single`: one plain forwarder that never checks anything. */
  readonly kind: 'haproxy' | 'single'
  readonly nodes: readonly number[]
  readonly check: CheckConfig | null
  /** From the start of the process to taking connections. */
  readonly processStart: Distribution
  /** null: infinite. */
  readonly timeoutConnect: number | null
  readonly retries: number
  readonly redispatch: boolean
  readonly onMarkedDown: 'none' | 'shutdown-sessions'
  readonly address: KeepalivedConfig | null
}

export interface CheckConfig {
  readonly kind: 'http' | 'tcp'
  /** `/readyz`, `/livez` or `/healthz`. */
  readonly path: string
  readonly inter: number
  readonly fastinter: number
  readonly downinter: number
  readonly fall: number
  readonly rise: number
  /** null: unset, the whole check must end within `inter`. */
  readonly timeoutCheck: number | null
}

export interface KeepalivedConfig {
  readonly kind: 'keepalived'
  readonly advertInt: number
  /** By balancer, in order. */
  readonly priorities: readonly number[]
  readonly version: 2 | 3
  readonly nopreempt: boolean
  readonly preemptDelay: number
  readonly downTimerAdverts: number
  /** vrrp_script that tests the balancer process; null: none. Weight 0: a failing script means FAULT. */
  readonly script: {
    readonly interval: number
    readonly timeout: number
    readonly fall: number
    readonly rise: number
    readonly weight: number
  } | null
}

export interface NetworkConfig {
  /** One-way latency within a zone and between zones. */
  readonly withinZone: Distribution
  readonly betweenZones: Distribution
  /** One-way latency of named zone pairs, in both directions; overrides `betweenZones`. */
  readonly pairs: readonly { readonly a: string; readonly b: string; readonly latency: Distribution }[]
}

export interface ClientConfig {
  /** `kept`: as client-go, one HTTP/2 connection through the balancer, kept until it breaks. `new`: one per request. */
  readonly connections: 'kept' | 'new'
  /** HTTP/2 health check of a silent connection: closed after idle + ping. */
  readonly http2ReadIdle: number
  readonly http2PingTimeout: number
}

/** A failure process: what it does is told by where it stands in {@link FailureProfile}. */
export interface FailureProcess {
  readonly every: Distribution
  readonly modes: readonly { readonly share: number; readonly lasts: Distribution }[]
  /** Share of the events that are orderly (SIGTERM first: leadership is handed over), in [0, 1]. */
  readonly graceful: number
}

export interface FailureProfile {
  readonly name: string
  /** Machines, by node group: the machine is down from the event until it has booted again. */
  readonly node: { readonly [group: string]: FailureProcess | null }
  /** A zone is lost: its machines are cut off, or lose power. */
  readonly zone: (FailureProcess & { readonly onLoss: 'unreachable' | 'crash' }) | null
  /** A machine's uplink: it runs but is cut off. */
  readonly link: FailureProcess | null
  /** Processes, one each per node that runs it; `lasts` is the time until it is started again (after a kubelet back-off, if any). */
  readonly etcdProcess: FailureProcess | null
  readonly apiServerProcess: FailureProcess | null
  readonly balancerProcess: FailureProcess | null
  /** An etcd member's disk stops answering for a while. */
  readonly diskStall: FailureProcess | null
  /** An etcd member loses its data and is replaced. */
  readonly diskLoss: FailureProcess | null
  /** A human change breaks every API server until it is taken back (`api-servers`), or the whole control plane (`cluster`). */
  readonly change: (FailureProcess & { readonly hits: 'api-servers' | 'cluster' }) | null
  /** Beta factor of the control-plane machines: this fraction of their failures is shared. */
  readonly commonCause: { readonly beta: number; readonly kind: 'shock' | 'event' | 'propagation' } | null
  /** Planned reboots of control-plane nodes, one after another. */
  readonly maintenance: {
    readonly every: number
    readonly lasts: number
    readonly apart: number
    readonly guard: 'none' | 'all-up'
  } | null
}
