import { formatNumber, formatNumberInterval } from '../base/format.ts'
import type { ElasticityResult, ResultFile, ServiceResult } from '../experiment/result.ts'
import { readingsOf, serviceNames } from './facts.ts'

/** The least elasticity worth a word: an exact one, and an estimate, of which some of many are off by chance. */
const EXACT_TOLD = 0.005
const ESTIMATE_TOLD = 0.05

/** The inputs that are said to move a service: exact values that are not next to nothing, estimates whose sign is sure. */
export function toldElasticities({ sensitivity }: ServiceResult): readonly ElasticityResult[] {
  return (sensitivity?.elasticities ?? []).filter(({ elasticity, estimate }) => {
    const least = estimate === undefined ? EXACT_TOLD : ESTIMATE_TOLD
    if (elasticity === null || Math.abs(elasticity) < least) return false
    return estimate === undefined || estimate.lo > 0 || (estimate.hi !== null && estimate.hi < 0)
  })
}

/** `+1.98 %`; of an estimate with its interval: `−1.98 % [−2.10 … −1.86]`; why there is none. */
export function elasticityText({ elasticity, estimate, why }: ElasticityResult): string {
  if (elasticity === null) return why ?? '–'
  const sign = elasticity > 0 ? '+' : ''
  if (estimate === undefined) return `${sign}${formatNumber(elasticity)} %`
  return `${sign}${formatNumberInterval(estimate).replace(' ', ' % ')}`
}

/** One table of elasticities: of a service and variant, by input. */
export interface ElasticityTable {
  readonly service: string
  readonly variant: string
  readonly rows: readonly (readonly [input: string, moves: string])[]
}

/** All that is known of what moves each service, and how it is known: exactly, or estimated in this way. */
export function elasticityTables(result: ResultFile): { readonly tables: ElasticityTable[]; readonly method: string } {
  let method = ''
  const ofCycles = result.variants.some(({ solver }) => solver === 'rare')
  const tables = serviceNames(result).flatMap((service) =>
    readingsOf(result, service).flatMap(({ variant, result: of }) => {
      const all = of.sensitivity?.elasticities ?? []
      method = all.find(({ estimate }) => estimate !== undefined)?.estimate?.method ?? method
      if (all.length === 0) return []
      return [{ service, variant: variant.id, rows: all.map((one) => [one.input, elasticityText(one)] as const) }]
    }),
  )
  return {
    tables,
    method: method === '' ? 'exact' : `estimated from the same ${ofCycles ? 'cycles' : 'replications'}: ${method}`,
  }
}
