import type picocolors from 'picocolors'
import { formatDuration, formatPercent } from '../base/format.ts'
import type { Estimate, ResultFile } from '../experiment/result.ts'
import { priceOfProtocol } from './chart-words.ts'
import { elasticityText, toldElasticities } from './elasticities.ts'
import {
  causeShares,
  exactText,
  isBound,
  lostInterval,
  lostText,
  mechanismShares,
  mechanismsTell,
  objectiveText,
  probabilityText,
  type Reading,
  readingsOf,
  readingsWithExact,
  type Share,
  serviceNames,
  solverWords,
  topShares,
  traceCommand,
  worstOutageOf,
} from './facts.ts'
import { missWords } from './misses.ts'
import { isPlayed, TRANSITION_HEAD, transitionCells, transitionsOf } from './plays.ts'
import { hang, plain, shorten, visibleWidth, wrap } from './text.ts'
import { metWords, uncertainReadings } from './uncertain-inputs.ts'

/** What is written with: colours that may do nothing, and the columns there are. */
export interface Pen {
  readonly colours: ReturnType<typeof picocolors.createColors>
  readonly width: number
}

/** Longer names are shortened where columns are shared. */
export const NAME_WIDTH = 32
const BAR_WIDTH = 32
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** How long each step of detection and failover took, when that is what was asked: a fault plan is played. */
export function transitions(result: ResultFile, pen: Pen): string[] {
  const all = isPlayed(result) ? transitionsOf(result) : []
  if (all.length === 0) return []
  const { dim, bold } = pen.colours
  const right = (text: string): string => text.padStart(7)
  const names = Math.min(NAME_WIDTH, Math.max(...result.variants.map(({ id }) => visibleWidth(plain(id)))))
  const head = `${'ms since the fault'.padEnd(Math.max(names, 16) + 2)}${TRANSITION_HEAD.map(right).join(' ')}`
  const lines = [dim(head)]
  for (const kind of all) {
    lines.push(
      ...hang(`${bold(kind.name)}  ${dim(kind.isCount ? `${kind.words} (a count)` : kind.words)}`, pen.width, 2),
    )
    for (const { variant, of } of kind.rows) {
      const name = shorten(plain(variant), names)
      const cells = transitionCells(kind, of).map(right).join(' ')
      lines.push(`  ${name}${' '.repeat(Math.max(0, names - visibleWidth(name), 16 - visibleWidth(name)))}${cells}`)
    }
  }
  return lines
}

/** The values at the instants of `run.at`, one line each. */
export function instants(result: ResultFile, pen: Pen): string[] {
  const lines: string[] = []
  for (const service of serviceNames(result)) {
    for (const { variant, result: of } of readingsOf(result, service)) {
      for (const at of of.at) {
        const where = `at ${formatDuration(at.seconds)}, ${plain(service)}/${plain(variant.id)}:`
        const lost = [lostText(at.lostSeconds), lostInterval(at.lostSeconds)].join(isBound(at.lostSeconds) ? ', ' : ' ')
        const text = `${where} down ${boundOrProbability(at.down)}, an outage until then ${boundOrProbability(at.hadOutage)}, lost ${lost}`
        lines.push(...hang(text, pen.width, 2))
      }
    }
  }
  return lines
}

/**
 * Where the lost time goes: bars by mechanism, drawn to one scale for all readings shown, then causes in words; where
 * there is but one mechanism, the bars are the causes.
 */
export function shares(reading: Reading, all: readonly Reading[], index: number, pen: Pen): string[] {
  const { dim } = pen.colours
  const byMechanism = mechanismsTell(all)
  const pick = byMechanism ? mechanismShares : causeShares
  const shown = all.map((other) => topShares(pick(other.result), 6))
  const rows = shown[index] ?? []
  const title = `where ${plain(reading.service)}/${shorten(plain(reading.variant.id), NAME_WIDTH)} goes`
  const causes = byMechanism && !isPlan(reading) ? causeText(topShares(causeShares(reading.result), 5)) : ''
  if (rows.length === 0 && causes === '') return []
  // A plan that is played is the cause of all; only what it broke tells anything.
  if (isPlan(reading) && !byMechanism) return []
  const biggest = Math.max(...shown.flat().map((row) => row.seconds))
  const names = Math.max(...shown.flat().map((row) => visibleWidth(plain(row.name))))
  const times = Math.max(...shown.flat().map((row) => formatDuration(row.seconds).length))
  const beside = visibleWidth(title) + names + times + 8 + BAR_WIDTH <= pen.width
  const indent = beside ? visibleWidth(title) + 3 : 2
  const bar = Math.max(4, Math.min(BAR_WIDTH, pen.width - indent - names - times - 4))
  const lines = rows.map((row) => {
    const name = plain(row.name)
    const time = formatDuration(row.seconds).padStart(times)
    return `${name}${' '.repeat(names - visibleWidth(name))}  ${time}  ${pen.colours.cyan(barOf(row.seconds / biggest, bar))}`
  })
  if (causes !== '') lines.push(...wrap(`because of ${causes}`, Math.max(20, pen.width - indent)).map(dim))
  const price = priceOfProtocol(reading)
  if (price !== '') lines.push(...wrap(price, Math.max(20, pen.width - indent)).map(dim))
  const body = lines.map((line) => ' '.repeat(indent) + line)
  return beside ? [title + (body[0] ?? '').slice(visibleWidth(title)), ...body.slice(1)] : [title, ...body]
}

/** Whether a fault plan is the only cause there is. */
function isPlan({ result }: Reading): boolean {
  return result.causes.every(({ cause }) => cause === 'plan')
}

function boundOrProbability(estimate: Estimate): string {
  return isBound(estimate) ? `< ${formatPercent(estimate.hi ?? 1)}` : probabilityText(estimate)
}

function causeText(causes: readonly Share[]): string {
  const total = causes.reduce((sum, cause) => sum + cause.seconds, 0)
  return causes.map((cause) => `${plain(cause.name)} ${formatPercent(cause.seconds / total)}`).join(', ')
}

function barOf(share: number, width: number): string {
  const eighths = Math.max(1, Math.round(share * width * 8))
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
}

/** Exact values beside simulated ones, one line each. */
export function exactValues(result: ResultFile, pen: Pen): string[] {
  return readingsWithExact(result).flatMap((reading) =>
    hang(`${plain(reading.service)}/${plain(reading.variant.id)}: ${exactText(reading)}`, pen.width, 2),
  )
}

/** Inputs told of. */
const INPUTS_TOLD = 6

/**
 * What moves a service: by how many percent the loss changes with one percent of each input. Of estimates those of the first
 * service: the others' are told where there is room.
 */
export function sensitivities(result: ResultFile, pen: Pen): string[] {
  return serviceNames(result)
    .flatMap((service) => readingsOf(result, service))
    .flatMap(({ service, variant, result: of }) => {
      const told = toldElasticities(of)
      const isEstimated = told.some(({ estimate }) => estimate !== undefined)
      if (told.length === 0 || (isEstimated && service !== serviceNames(result)[0])) return []
      const words = told.slice(0, INPUTS_TOLD).map((one) => `${plain(one.input)} ${elasticityText(one)}`)
      const how = isEstimated ? ', estimated' : ''
      const text = `what 1 % more moves ${plain(service)}/${plain(variant.id)} by${how}: ${words.join(', ')}`
      return hang(text, pen.width, 2)
    })
}

/** What a service could lose, for all that is known of its inputs. */
export function uncertainties(result: ResultFile, pen: Pen): string[] {
  return uncertainReadings(result).flatMap(({ service, variant, words }) =>
    hang(`${plain(service)}/${plain(variant)}, inputs being uncertain: ${words}`, pen.width, 2),
  )
}

/** What became of each objective. */
export function objectives(result: ResultFile, pen: Pen): string[] {
  const lines: string[] = []
  for (const service of serviceNames(result)) {
    for (const { variant, result: of } of readingsOf(result, service)) {
      if (of.slo === null) continue
      const verdict = of.slo.met ? pen.colours.green('met') : pen.colours.red('missed')
      const misses = missWords(of.slo)
      const words = [...(misses.length === 0 ? [] : [`${misses.join(', ')} fall short`]), ...metWords(of.slo)]
      const often = words.length === 0 ? '' : ` (${words.join('; ')})`
      const text = `objective ${plain(service)} ${objectiveText(of.slo.target)}: ${plain(variant.id)} ${verdict}${often}`
      lines.push(...hang(text, pen.width, 2))
    }
  }
  return lines
}

/** The verdict, and where to read on. */
export function closing(result: ResultFile, reportPath: string | undefined, pen: Pen): string[] {
  const chosen = solverWords(result)
  const lines = [
    ...(chosen === '' ? [] : wrap(chosen, pen.width).map(pen.colours.dim)),
    ...wrap(plain(result.verdict), pen.width).map(pen.colours.bold),
  ]
  const worst = worstOutageOf(result)
  const links = [
    ...(reportPath === undefined ? [] : [`report: ${plain(reportPath)}`]),
    ...(worst === undefined ? [] : [`worst outage: ${plain(traceCommand(result, worst.id))}`]),
  ]
  const joined = links.join(' · ')
  return [
    ...lines,
    ...(visibleWidth(joined) <= pen.width ? [joined] : links).filter((line) => line !== '').map(pen.colours.dim),
  ]
}
