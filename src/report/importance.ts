import { formatNumber } from '../base/format.ts'
import type { ResultFile, ServiceResult } from '../experiment/result.ts'
import { readingsOf, serviceNames } from './facts.ts'

/** The measures of importance, as tables name them. */
export const MEASURES = ['Birnbaum', 'criticality', 'Fussell–Vesely', 'risk achievement'] as const

/** How much each part of a service matters: a row each, parts that matter alike in one. */
export interface ImportanceTable {
  readonly service: string
  readonly variant: string
  readonly rows: readonly (readonly string[])[]
}

/** Of all services whose parts are independent and solved. */
export function importanceTables(result: ResultFile): readonly ImportanceTable[] {
  return serviceNames(result).flatMap((service) =>
    readingsOf(result, service).flatMap(({ variant, result: of }) => {
      const rows = rowsOf(of)
      return rows.length === 0 ? [] : [{ service, variant: variant.id, rows }]
    }),
  )
}

function rowsOf({ sensitivity }: ServiceResult): (readonly string[])[] {
  const alike = new Map<string, { readonly names: string[]; readonly criticality: number }>()
  for (const one of sensitivity?.importance ?? []) {
    const cells = [one.birnbaum, one.criticality, one.fussellVesely, one.riskAchievement].map((value) =>
      formatNumber(value, 3),
    )
    const key = cells.join('\t')
    const row = alike.get(key)
    if (row === undefined) alike.set(key, { names: [one.part], criticality: one.criticality })
    else row.names.push(one.part)
  }
  return [...alike]
    .sort(([, a], [, b]) => b.criticality - a.criticality)
    .map(([key, { names }]) => [namesOf(names), ...key.split('\t')])
}

/** Of many parts the first, the last and how many there are. */
function namesOf(names: readonly string[]): string {
  if (names.length <= 3) return names.join(', ')
  return `${names[0]} … ${names.at(-1)} (${names.length})`
}
