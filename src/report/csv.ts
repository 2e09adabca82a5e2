import { writeCsvRows } from '../document/csv.ts'
import type { DrawnQuantiles, Estimate, Quantile, ResultFile } from '../experiment/result.ts'
import { comparisonOf, type Reading, readingsOf, serviceNames } from './facts.ts'

interface Column {
  readonly name: string
  readonly of: (reading: Reading, result: ResultFile) => string | number | boolean | null | undefined
}

function estimate(name: string, pick: (reading: Reading, result: ResultFile) => Estimate | null | undefined): Column[] {
  return [
    { name, of: (reading, result) => pick(reading, result)?.mean },
    { name: `${name}_lo`, of: (reading, result) => pick(reading, result)?.lo },
    { name: `${name}_hi`, of: (reading, result) => pick(reading, result)?.hi },
  ]
}

function quantile(name: string, pick: (reading: Reading) => Quantile | null): Column[] {
  return [
    { name, of: (reading) => pick(reading)?.value },
    { name: `${name}_lo`, of: (reading) => pick(reading)?.lo },
    { name: `${name}_hi`, of: (reading) => pick(reading)?.hi },
  ]
}

function drawn(
  name: string,
  pick: (reading: Reading, result: ResultFile) => DrawnQuantiles | null | undefined,
): Column[] {
  return (['p2_5', 'p50', 'p97_5'] as const).map((p) => ({
    name: `${name}_${p}`,
    of: (reading, result) => pick(reading, result)?.[p],
  }))
}

const against = (reading: Reading, result: ResultFile) => comparisonOf(result, reading.service, reading.variant.id)

const COLUMNS: readonly Column[] = [
  { name: 'experiment', of: (_, result) => result.experiment },
  { name: 'seed', of: (_, result) => result.seed },
  { name: 'variant', of: (reading) => reading.variant.id },
  { name: 'service', of: (reading) => reading.service },
  { name: 'solver', of: (reading) => reading.variant.solver },
  { name: 'solver_reason', of: (reading) => reading.variant.solverReason },
  { name: 'replications', of: (reading) => reading.variant.replications },
  { name: 'simulated_years', of: (reading) => reading.variant.simulatedYears },
  { name: 'stop_reason', of: (reading) => reading.variant.stopReason },
  { name: 'cost_per_month', of: (reading) => reading.variant.cost?.perMonth },
  { name: 'level', of: (reading) => reading.result.lostSecondsPerYear.level },
  ...estimate('unavailability', (reading) => reading.result.unavailability),
  ...estimate('lost_seconds_per_year', (reading) => reading.result.lostSecondsPerYear),
  ...estimate('downtime_seconds_per_year', (reading) => reading.result.downtimeSecondsPerYear),
  ...estimate('degraded_seconds_per_year', (reading) => reading.result.degradedSecondsPerYear),
  ...estimate('outages_per_year', (reading) => reading.result.outagesPerYear),
  ...estimate('outage_seconds_mean', (reading) => reading.result.outageSeconds.mean),
  ...quantile('outage_seconds_p50', (reading) => reading.result.outageSeconds.p50),
  ...quantile('outage_seconds_p90', (reading) => reading.result.outageSeconds.p90),
  ...quantile('outage_seconds_p99', (reading) => reading.result.outageSeconds.p99),
  { name: 'outage_seconds_max', of: (reading) => reading.result.outageSeconds.max },
  ...estimate('no_outage_in_horizon', (reading) => reading.result.noOutageInHorizon),
  ...estimate('first_outage_seconds', (reading) => reading.result.firstOutageSeconds),
  ...estimate('structure_unavailability', (reading) => reading.result.structure?.unavailability),
  { name: 'exact_unavailability', of: (reading) => reading.result.exact?.unavailability },
  { name: 'exact_outages_per_year', of: (reading) => reading.result.exact?.outagesPerYear },
  { name: 'exact_z', of: (reading) => reading.result.exact?.z },
  { name: 'slo_target', of: (reading) => reading.result.slo?.target },
  { name: 'slo_met', of: (reading) => reading.result.slo?.met },
  ...estimate('slo_miss_in_a_month', (reading) => reading.result.slo?.missInAMonth),
  ...estimate('slo_miss_in_horizon', (reading) => reading.result.slo?.missInHorizon),
  { name: 'horizon_seconds', of: (reading) => reading.result.slo?.horizonSeconds },
  { name: 'baseline', of: (reading, result) => against(reading, result)?.baseline },
  ...estimate('difference_seconds_per_year', (reading, result) => against(reading, result)?.lostSecondsPerYear),
  ...estimate('ratio', (reading, result) => against(reading, result)?.ratio),
  { name: 'draws', of: (reading) => reading.result.inputUncertainty?.draws },
  ...drawn('drawn_unavailability', (reading) => reading.result.inputUncertainty),
  ...estimate('slo_met_in_draws', (reading) => reading.result.slo?.metInDraws),
  ...drawn('drawn_difference_seconds_per_year', (...of) => against(...of)?.inputUncertainty?.lostSecondsPerYear),
  ...drawn('drawn_ratio', (...of) => against(...of)?.inputUncertainty?.ratio),
  ...estimate('better_in_draws', (...of) => against(...of)?.inputUncertainty?.better),
  ...estimate('worse_in_draws', (...of) => against(...of)?.inputUncertainty?.worse),
]

/** Names of the CSV's columns, in order: `_lo` and `_hi` are the ends of the interval of the column before. */
export const CSV_COLUMNS: readonly string[] = COLUMNS.map((column) => column.name)

/**
 * One row a variant and service (RFC 4180, lines end with a line feed): all numbers in full, durations in seconds,
 * probabilities as fractions; what does not exist is empty. See {@link CSV_COLUMNS}.
 */
export function renderCsv(results: ResultFile | readonly ResultFile[]): string {
  const rows: unknown[][] = [[...CSV_COLUMNS]]
  for (const result of [results].flat() as readonly ResultFile[]) {
    for (const service of serviceNames(result)) {
      for (const reading of readingsOf(result, service)) {
        rows.push(COLUMNS.map((column) => column.of(reading, result)))
      }
    }
  }
  return writeCsvRows(rows)
}
