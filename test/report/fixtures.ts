import type {
  Comparison,
  Estimate,
  Quantile,
  ResultFile,
  ServiceResult,
  Slo,
  VariantResult,
} from '../../src/experiment/result.ts'

/** An estimate with a symmetric interval. */
export function estimate(mean: number, half: number, n = 4000): Estimate {
  return { mean, lo: mean - half, hi: mean + half, level: 0.95, n, method: 'mean over replications, Student t' }
}

/** Nothing was seen: a one-sided bound. */
export function nothingSeen(hi: number, n = 50): Estimate {
  return { mean: 0, lo: 0, hi, level: 0.95, n, method: 'no event seen: one-sided upper bound' }
}

/** An objective and how often it is missed. */
function slo(
  target: number,
  met: boolean,
  month: Estimate | null,
  horizon: Estimate | null,
  horizonSeconds: number = YEAR_SECONDS,
): Slo {
  const plain = month?.mean ?? null
  return { target, met, probabilityOfMissInAMonth: plain, missInAMonth: month, missInHorizon: horizon, horizonSeconds }
}

function quantile(value: number): Quantile {
  return { value, lo: value * 0.93, hi: value * 1.08 }
}

/** Shares of the outages up to a length, of a lognormal-like shape around `median`. */
function curve(median: number, spread: number): { seconds: number; share: number }[] {
  return Array.from({ length: 41 }, (_, index) => {
    const z = -2.5 + (index / 40) * 5.5
    return { seconds: median * Math.exp(z * spread), share: 1 / (1 + Math.exp(-1.7 * z)) }
  })
}

const YEAR_SECONDS = 31_557_600

/** A service's result around one figure: seconds lost a year, split over mechanisms and causes by share. */
export function service(
  lost: number,
  mechanisms: Readonly<Record<string, number>>,
  causes: Readonly<Record<string, number>>,
  over: Partial<ServiceResult> = {},
): ServiceResult {
  const outages = 3.1
  return {
    unavailability: estimate(lost / YEAR_SECONDS, (lost * 0.083) / YEAR_SECONDS),
    lostSecondsPerYear: estimate(lost, lost * 0.083),
    downtimeSecondsPerYear: estimate(lost * 0.95, lost * 0.08),
    degradedSecondsPerYear: estimate(lost * 0.1, lost * 0.02),
    outagesPerYear: estimate(outages, 0.12),
    outageSeconds: {
      mean: estimate(lost / outages, lost * 0.03),
      p50: quantile(1.4),
      p90: quantile(240.1),
      p99: quantile(1800.2),
      max: 9120.5,
    },
    noOutageInHorizon: estimate(0.045, 0.006),
    firstOutageSeconds: estimate(1.0e7, 4e5),
    outageCurve: curve(1.4, 2.2),
    at: [],
    exact: null,
    structure: { unavailability: estimate((lost * 0.88) / YEAR_SECONDS, (lost * 0.07) / YEAR_SECONDS) },
    mechanisms: Object.entries(mechanisms).map(([mechanism, share]) => ({ mechanism, secondsPerYear: lost * share })),
    causes: Object.entries(causes)
      .map(([cause, share]) => ({ cause, secondsPerYear: lost * share }))
      .sort((a, b) => b.secondsPerYear - a.secondsPerYear),
    slo: null,
    ...over,
  }
}

const MECHANISMS = { 'quorum-lost': 0.823, election: 0.121, 'health-check lag': 0.036, lease: 0.02 }
const CAUSES = { zone: 0.45, change: 0.33, 'node control-plane': 0.15, 'etcd process': 0.07 }

const stackedThree = {
  name: 'stacked-3',
  zones: ['a', 'b', 'c'],
  nodes: {
    'control-plane': { count: 3, zones: ['a', 'b', 'c'], cost: '210/month' },
    balancer: { count: 2, zones: ['a', 'b'], cost: '40/month' },
  },
  etcd: { on: 'control-plane', version: '3.5', 'heartbeat-interval': '100ms', 'election-timeout': '1s' },
  'load-balancer': { on: 'balancer', kind: 'haproxy', check: { path: '/readyz', inter: '2s', fall: 3, rise: 2 } },
  failures: 'cloud-vm',
}

/** One variant whose services are given. */
export function variant(
  id: string,
  services: Readonly<Record<string, ServiceResult>>,
  over: Partial<VariantResult> = {},
): VariantResult {
  return {
    id,
    config: stackedThree,
    solver: 'simulate',
    solverReason: 'asked for',
    replications: 4000,
    simulatedYears: 4000,
    stopReason: 'precision',
    cost: { perMonth: 710 },
    services,
    transitions: {
      'etcd.elected': {
        n: 1200,
        p10: 980.1,
        p25: 1090,
        p50: 1210,
        p75: 1480,
        p90: 1850.2,
        p99: 2700,
        mean: 1301.2,
        min: 951,
        max: 4120,
      },
    },
    worstOutages: [
      worst(`${id}/17/3`, 'write', 12_345.6, 9120.5, 'zone a, then node control-plane-3', 'quorum-lost'),
      worst(`${id}/2210/0`, 'write', 9_812_345.6, 7012.5, 'change to the cluster', 'quorum-lost'),
      worst(`${id}/3001/1`, 'write', 22_012_345.6, 1812.5, 'node control-plane-1', 'election'),
    ],
    ...over,
  }
}

function worst(
  id: string,
  serviceName: string,
  fromSeconds: number,
  seconds: number,
  cause: string,
  mechanism: string,
): VariantResult['worstOutages'][number] {
  return { id, service: serviceName, fromSeconds, seconds, cause, mechanism }
}

/** A comparison of two lost times, paired. */
export function comparison(
  serviceName: string,
  baseline: string,
  other: string,
  difference: Estimate,
  ratio: Estimate | null,
): Comparison {
  return { service: serviceName, baseline, variant: other, lostSecondsPerYear: difference, ratio }
}

/** A result file of given variants. */
export function result(over: Partial<ResultFile>): ResultFile {
  return {
    schema: 'hasim/result@1',
    hasim: '0.1.0',
    experiment: '3v5',
    question: 'Are five control-plane nodes worth it over three?',
    seed: '3v5',
    played: null,
    variants: [],
    comparisons: [],
    verdict: 'Five saves 4 m 40 s of lost writes a year (4 m 10 s to 5 m 10 s, 95 %) for 420 more a month.',
    run: { wallSeconds: 7.1, cpuSeconds: 13.9, events: 123_456_789, workers: 2, partial: false },
    ...over,
  }
}

/** Three against five: the ordinary case, with an objective met by one and missed by the other. */
export const threeOrFive: ResultFile = result({
  variants: [
    variant('three', {
      write: service(378.7, MECHANISMS, CAUSES, {
        slo: slo(0.99999, false, estimate(0.11, 0.012), estimate(0.74, 0.02)),
      }),
      read: service(301.2, MECHANISMS, CAUSES),
    }),
    variant(
      'five',
      {
        write: service(
          98.4,
          { 'quorum-lost': 0.5, election: 0.4, lease: 0.1 },
          { zone: 0.2, change: 0.7, 'etcd process': 0.1 },
          { slo: slo(0.99999, true, estimate(0.02, 0.004), estimate(0.21, 0.02)), outageCurve: curve(1.2, 1.9) },
        ),
        read: service(81.4, MECHANISMS, CAUSES, { outageCurve: curve(1.1, 1.9) }),
      },
      { cost: { perMonth: 1130 }, config: { ...stackedThree, name: 'stacked-5' } },
    ),
  ],
  comparisons: [
    comparison('write', 'three', 'five', estimate(-280.1, 30), estimate(0.26, 0.045)),
    comparison('read', 'three', 'five', estimate(-219.8, 24), estimate(0.27, 0.05)),
  ],
})

/** One variant of a part system: no mechanisms but the one, values at instants, no worst outages to speak of. */
export const partSystem: ResultFile = result({
  experiment: 'workstations',
  question: null,
  seed: '007',
  verdict: 'The service is up 99.92 % of the time (99.91 % to 99.93 %, 95 %).',
  variants: [
    variant(
      'base',
      {
        quorum: service(
          25_246,
          { parts: 1 },
          { 'disk-1': 0.6, rack: 0.4 },
          {
            structure: null,
            outageCurve: [],
            exact: {
              unavailability: 0.000803,
              outagesPerYear: 3.05,
              meanOutageSeconds: 8_309,
              firstOutageSeconds: null,
              at: [],
              z: -0.4,
              method: 'Markov chain of 24 states, GTH',
            },
            at: [
              {
                seconds: 306_000,
                down: estimate(0.0008, 0.0002),
                hadOutage: estimate(0.21, 0.01),
                lostSeconds: estimate(241, 20),
              },
              {
                seconds: 7_200_000,
                down: nothingSeen(0.0007),
                hadOutage: nothingSeen(0.002),
                lostSeconds: nothingSeen(4),
              },
            ],
          },
        ),
      },
      { cost: null, transitions: {}, worstOutages: [], stopReason: 'max-years', simulatedYears: 20_000 },
    ),
  ],
})

/** Nothing ever failed: every figure is a one-sided bound or null. */
export const noOutages: ResultFile = result({
  experiment: 'too-short',
  question: 'Does anything happen in fifty years?',
  verdict: 'No lost write was seen in 50 simulated years: less than 2 h a year (95 %).',
  variants: [
    variant(
      'three',
      {
        write: {
          unavailability: nothingSeen(0.0002),
          lostSecondsPerYear: nothingSeen(6312),
          downtimeSecondsPerYear: nothingSeen(6312),
          degradedSecondsPerYear: nothingSeen(6312),
          outagesPerYear: nothingSeen(0.06),
          outageSeconds: { mean: null, p50: null, p90: null, p99: null, max: null },
          noOutageInHorizon: { ...estimate(1, 0), lo: 0.94, hi: 1 },
          firstOutageSeconds: null,
          outageCurve: [],
          at: [],
          exact: null,
          structure: { unavailability: nothingSeen(0.0002) },
          mechanisms: [],
          causes: [],
          slo: slo(0.9995, true, { ...nothingSeen(0.06), n: 50 }, { ...nothingSeen(0.06), n: 50 }),
        },
      },
      { worstOutages: [], replications: 50, simulatedYears: 50, stopReason: 'max-years', transitions: {} },
    ),
  ],
})

/** Five variants, long and unicode names, hostile text, an interrupted run, ratios over 100. */
export const manyVariants: ResultFile = result({
  experiment: 'détection-<b>fast</b>|slow',
  question: 'Wie schnell soll die Prüfung sein? <script>alert("x")</script> | 検査 & co',
  verdict: 'Die Prüfung alle 500 ms spart 1 h 2 m im Jahr (55 m bis 1 h 9 m, 95 %).',
  run: { wallSeconds: 3725, cpuSeconds: 7000, events: 5e9, workers: 2, partial: true },
  variants: [
    ['a-very-long-variant-name-that-somebody-typed-without-mercy', 18_000],
    ['inter 500ms', 14_200],
    ['速い検査', 900],
    ['<img src=x onerror=alert(1)>', 120],
    ['every-second|pipe', 60],
  ].map(([id, lost]) =>
    variant(
      String(id),
      { write: service(Number(lost), MECHANISMS, CAUSES) },
      { stopReason: 'interrupted', cost: null },
    ),
  ),
  comparisons: [
    ['inter 500ms', -3800, 0.79],
    ['速い検査', -17_100, 0.05],
    ['<img src=x onerror=alert(1)>', -17_880, 0.0067],
    ['every-second|pipe', -17_940, 0.0033],
  ].map(([id, difference, ratio]) =>
    comparison(
      'write',
      'a-very-long-variant-name-that-somebody-typed-without-mercy',
      String(id),
      estimate(Number(difference), 700),
      estimate(Number(ratio), Number(ratio) * 0.1),
    ),
  ),
})

const CRASH: Partial<ServiceResult> = {
  structure: null,
  outageCurve: [],
  slo: slo(0.9995, false, null, { ...estimate(1, 0), lo: 0.94, hi: 1 }, 300),
}

/** A fault plan of five minutes, played: 1.19 s and 0.59 s lost each time. */
export const playedPlan: ResultFile = result({
  experiment: 'leader-crash',
  question: "The leader's machine dies. How long until writes go on?",
  seed: 'leader-crash',
  played: { plan: 'leader-crash', horizonSeconds: 300 },
  verdict: 'When leader-crash is played, three is without etcd for 1.19 s; short-timers cuts that to 593 ms.',
  variants: [
    variant('three', { etcd: service((1.19 / 300) * YEAR_SECONDS, { election: 1 }, { plan: 1 }, CRASH) }),
    variant('short-timers', { etcd: service((0.59 / 300) * YEAR_SECONDS, { election: 1 }, { plan: 1 }, CRASH) }),
  ],
  comparisons: [
    comparison('etcd', 'three', 'short-timers', estimate((-0.6 / 300) * YEAR_SECONDS, 1000), estimate(0.5, 0.01)),
  ],
})

/** Every fixture by name. */
export const fixtures: readonly (readonly [string, ResultFile])[] = [
  ['three or five', threeOrFive],
  ['a part system', partSystem],
  ['no outages', noOutages],
  ['many variants', manyVariants],
  ['a played plan', playedPlan],
]
