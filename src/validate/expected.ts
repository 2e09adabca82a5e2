/**
 * What was published about Raft elections, and what was computed elsewhere: the numbers that {@link raftCases} is held
 * against.
 *
 * Election-time curves: D. Ongaro, Consensus: Bridging Theory and Practice, PhD thesis, Stanford 2014, chapter 9, figures
 * licensed CC BY 3.0 US. Quantiles were read off the vertices of the vector figures; readings differ by up to 2 %.
 */

/** A distribution function at some points: probability and quantile (ms). */
export type Curve = readonly (readonly [probability: number, ms: number])[]

const WAN_PROBABILITIES = [0.01, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.99, 0.999]

/**
 * The thesis' simulation of a wide-area cluster, 10 000 elections each: five servers of which 0, 1 or 2 have failed, one
 * way uniform on 30 to 40 ms, timeouts uniform on 300 to 600 ms, fresh timers, no disk. The last curve is clipped at 2.3 s.
 */
export const WAN_CURVES: readonly Curve[] = [
  [368.1, 372, 375.4, 382.6, 386.5, 390.5, 399.4, 409.5, 421.6, 436.3, 445.7, 457.2, 489.2, 525.5, 831.5, 978],
  [369.7, 375, 379.5, 388.8, 393.5, 399.4, 410.1, 423.3, 439.3, 460.6, 474, 490.3, 562.3, 814.4, 1003.6, 1382],
  [371.8, 379.3, 386.9, 402.2, 411.3, 421.2, 441.9, 468.7, 510.9, 737.4, 797.7, 847.8, 1072.4, 1335.6, 1928.7],
].map((quantiles) => quantiles.map((ms, i) => [WAN_PROBABILITIES[i]!, ms] as const))

/** A curve of the thesis' measurement on a local network: timeouts uniform on low to high (ms). */
export interface LanCurve {
  readonly low: number
  readonly high: number
  readonly p50: number
  readonly p90: number
  /** Whether the fitted latency and disk are expected to reproduce it. */
  readonly fitted: boolean
}

/**
 * LogCabin on 1 Gb/s Ethernet with solid-state disks, 1000 elections each: five servers, the leader crashed at a uniform
 * point of its heartbeat interval (half the minimum timeout) after a synchronised heartbeat, logs of unequal length so
 * that two of the four survivors cannot win, measured until the new leader is heard.
 */
export const LAN_CURVES: readonly LanCurve[] = [
  { low: 150, high: 151, p50: 1198.7, p90: 3132.6, fitted: false },
  { low: 150, high: 155, p50: 287.3, p90: 609.4, fitted: false },
  { low: 150, high: 175, p50: 141.1, p90: 291.2, fitted: true },
  { low: 150, high: 200, p50: 146.5, p90: 193.5, fitted: true },
  { low: 150, high: 300, p50: 171.3, p90: 244.3, fitted: true },
  { low: 12, high: 24, p50: 30.0, p90: 53.0, fitted: false },
  { low: 25, high: 50, p50: 43.0, p90: 73.7, fitted: true },
  { low: 50, high: 100, p50: 66.7, p90: 95.8, fitted: true },
  { low: 100, high: 200, p50: 120.1, p90: 165.5, fitted: true },
]

/** A sentence of the thesis (section 9.2) about split votes or first timeouts, with the precision it is stated in. */
export interface PublishedOdds {
  readonly members: number
  readonly alive: number
  /** One-way latency over the width of the timeout range. */
  readonly latency: number
  readonly odds: number
  readonly precision: number
}

export const PUBLISHED_SPLIT_VOTES: readonly PublishedOdds[] = [
  { members: 5, alive: 4, latency: 0.01, odds: 0.0006, precision: 0.00005 },
  { members: 5, alive: 4, latency: 0.1, odds: 0.052, precision: 0.0005 },
  { members: 5, alive: 4, latency: 0.2, odds: 0.181, precision: 0.0005 },
  { members: 5, alive: 3, latency: 0.2, odds: 0.5, precision: 0.05 },
  { members: 7, alive: 6, latency: 0.2, odds: 0.1, precision: 0.05 },
  { members: 9, alive: 7, latency: 0.2, odds: 0.15, precision: 0.05 },
  { members: 9, alive: 6, latency: 0.2, odds: 0.35, precision: 0.05 },
  { members: 9, alive: 5, latency: 0.1, odds: 0.4, precision: 0.05 },
  { members: 9, alive: 5, latency: 0.2, odds: 0.7, precision: 0.05 },
]

/** Chance that the first of four timeouts comes within the first quarter of the range, as published. */
export const PUBLISHED_FIRST_QUARTER = { survivors: 4, within: 0.25, odds: 0.68, precision: 0.005 } as const

/** Mean, quantiles and odds from elsewhere. */
export interface Reference {
  readonly mean: number
  readonly quantiles: Curve
  /** Chance that an election takes more than one term. */
  readonly split?: number
  /** Elections it was estimated from; infinite for a closed form. */
  readonly elections: number
}

const reference = (elections: number, mean: number, ms: readonly number[], split?: number): Reference => ({
  mean,
  quantiles: ms.map((value, i) => [[0.1, 0.5, 0.9, 0.99][i]!, value] as const),
  elections,
  ...(split === undefined ? {} : { split }),
})

/** etcd's timers (100 ms ticks, 10 to 19 of them), 1 ms one way and 1 ms fsync: an independent Monte Carlo of the rules. */
export const TICK_REFERENCES: readonly {
  readonly members: number
  readonly lease: boolean
  readonly preVote: boolean
  readonly since: 'heartbeat' | 'crash'
  readonly reference: Reference
}[] = [
  {
    ...{ members: 3, lease: false, preVote: false, since: 'heartbeat' },
    reference: reference(2e6, 1243.251194, [955.4058, 1197.969, 1592.9281, 1825.0571], 0.004052),
  },
  {
    ...{ members: 3, lease: false, preVote: false, since: 'crash' },
    reference: reference(2e6, 1194.26065, [906.8731, 1149.5404, 1545.0859, 1781.7961]),
  },
  {
    ...{ members: 3, lease: true, preVote: true, since: 'heartbeat' },
    reference: reference(2e6, 1289.693923, [1005.0448, 1248.5421, 1640.8866, 1865.2722], 0.002046),
  },
  {
    ...{ members: 3, lease: true, preVote: true, since: 'crash' },
    reference: reference(2e6, 1240.718141, [955.0365, 1199.6625, 1592.3403, 1817.1268]),
  },
  {
    ...{ members: 5, lease: true, preVote: true, since: 'heartbeat' },
    reference: reference(2e6, 1154.080699, [979.4099, 1113.1693, 1392.317, 1642.4811], 0.000364),
  },
  {
    ...{ members: 5, lease: true, preVote: true, since: 'crash' },
    reference: reference(2e6, 1105.077207, [925.3602, 1066.375, 1346.0975, 1595.918]),
  },
]

/** The wide-area setting with one server failed: an independent Monte Carlo of the rules. */
export const WAN_REFERENCE: Reference = reference(1e6, 467.895928, [378.9472, 422.7982, 564.6045, 1001.7141], 0.090645)

/** The local-network setting with one way 3 ms and fsync 2 ms: an independent Monte Carlo of the rules. */
export const LAN_REFERENCES: readonly { readonly low: number; readonly high: number; readonly reference: Reference }[] =
  [
    {
      low: 150,
      high: 155,
      reference: reference(3e5, 399.337078, [118.5896, 300.4003, 764.3613, 1483.3604], 0.93980333),
    },
    {
      low: 150,
      high: 300,
      reference: reference(3e5, 180.610039, [124.7522, 174.8736, 240.5281, 320.1182], 0.51210667),
    },
    { low: 12, high: 24, reference: reference(3e5, 34.868777, [23.9087, 31.0059, 50.7596, 81.7429], 0.70350333) },
    { low: 50, high: 100, reference: reference(3e5, 72.905869, [51.5222, 69.3006, 94.7325, 155.492], 0.53815) },
  ]
