import { formatCount, formatDuration, formatNumber, formatPercent } from '../base/format.ts'
import type { Estimate, ResultFile, VariantResult } from '../experiment/result.ts'
import { yearsText } from '../experiment/verdict-words.ts'
import { escapeHtml } from './escape.ts'
import { isExact, stopWords, yearsEach } from './facts.ts'
import { GLOSSARY } from './glossary.ts'
import { outline } from './outline.ts'
import { isPlayed, per } from './plays.ts'

/** How the numbers were made: enough to make them again. */
export function methodNotes(result: ResultFile): string {
  const { run } = result
  const entries: [string, string][] = [
    ['experiment', result.run.file === undefined ? result.experiment : `${result.experiment} (${result.run.file})`],
    ['seed', `${result.seed}: the same version, input and seed give the same numbers, on any number of workers`],
    ['version', `hasim ${result.hasim}`],
    ...result.variants.map((variant): [string, string] => [`variant ${variant.id}`, effort(result, variant)]),
    ...methods(result).map(([name, words]): [string, string] => [name, words]),
    ...(arePaired(result) ? [['pairing', PAIRING] as [string, string]] : []),
    [
      'cost of the run',
      `${formatCount(run.events)} events in ${formatDuration(run.wallSeconds)} (${formatDuration(run.cpuSeconds)} of CPU, ${formatCount(run.workers)} ${run.workers === 1 ? 'worker' : 'workers'}${busy(run)})`,
    ],
  ]
  return definitions(entries)
}

const PAIRING =
  'variants meet the same faults at the same times where they share parts; differences are taken replication by replication'

/** Whether differences are of what variants did under the same faults: solved variants meet none, walked chains their own. */
function arePaired({ variants }: ResultFile): boolean {
  const isWalked = (variant: VariantResult) => Object.values(variant.services).some(({ rare }) => rare?.states != null)
  return variants.length > 1 && variants.every((one) => one.solver !== 'exact' && !isWalked(one))
}

function busy({ efficiency }: ResultFile['run']): string {
  return efficiency === undefined ? '' : `, computing ${(100 * efficiency).toFixed(0)} % of the time`
}

function effort(result: ResultFile, variant: VariantResult): string {
  if (variant.solver === 'rare') return rareEffort(variant)
  if (variant.solver === 'exact') {
    const how = yearsEach({ ...result, variants: [variant] }, 'all')
    return `${how === 'exact' ? 'solved exactly' : how}: ${variant.solverReason}`
  }
  if (isPlayed(result)) return `${yearsEach({ ...result, variants: [variant] })}; ${stopWords(variant.stopReason)}`
  const years = yearsText(variant.simulatedYears).replace(/ years?$/, ' simulated$&')
  return `${formatCount(variant.replications)} replications, ${years}; ${stopWords(variant.stopReason)}`
}

function rareEffort(variant: VariantResult): string {
  const of = Object.values(variant.services)[0]?.rare
  const work =
    of === undefined
      ? ''
      : `; work-normalised variance ${formatNumber(of.workNormalisedVariance.rare)}, of plain cycles ${formatNumber(of.workNormalisedVariance.naive)}`
  return `${formatCount(variant.replications)} biased cycles (${variant.solverReason})${work}; ${stopWords(variant.stopReason)}`
}

/** Each figure of the first service with the way its interval is made; figures made alike share a line. */
function methods(result: ResultFile): readonly (readonly [string, string])[] {
  const of = Object.values(result.variants[0]?.services ?? {})[0]
  if (of === undefined) return []
  const figures: readonly (readonly [string, Estimate | null | undefined])[] = [
    ['lost time', of.lostSecondsPerYear],
    ['unavailability', of.unavailability],
    [`outages ${per(result)}`, of.outagesPerYear],
    ['mean outage', of.outageSeconds.mean],
    ['no outage in a replication', of.noOutageInHorizon],
    ['first outage', of.firstOutageSeconds],
    ['difference', result.comparisons[0]?.lostSecondsPerYear],
    ['ratio', result.comparisons[0]?.ratio],
  ]
  const byMethod = new Map<string, string[]>()
  for (const [name, estimate] of figures) {
    if (estimate === null || estimate === undefined) continue
    const method = isExact(estimate) ? estimate.method : `${formatPercent(estimate.level)} interval: ${estimate.method}`
    byMethod.set(method, [...(byMethod.get(method) ?? []), name])
  }
  return [...byMethod].map(([method, names]) => [names.join(', '), method])
}

function definitions(entries: readonly (readonly [string, string])[]): string {
  return `<dl>${entries.map(([term, words]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(words)}</dd>`).join('')}</dl>`
}

/** The total model of every variant, folded. */
export function modelNotes(result: ResultFile): string {
  return result.variants
    .map(
      (variant) =>
        `<details><summary>${escapeHtml(variant.id)}</summary><pre>${escapeHtml(outline(variant.config))}</pre></details>`,
    )
    .join('')
}

/** The words of the report. */
export function glossary(): string {
  return definitions(GLOSSARY)
}
