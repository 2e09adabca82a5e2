import { formatDuration } from '../base/format.ts'
import type { ResultFile } from '../experiment/result.ts'
import type { Chart } from './chart.ts'
import { drawChart } from './chart-svg.ts'
import { chartsOf } from './charts.ts'
import { escapeHtml, escapeJson } from './escape.ts'
import { traceCommand, worstOutageOf, yearsEach } from './facts.ts'
import { glossary, methodNotes, modelNotes } from './html-notes.ts'
import { folded, htmlPage, section } from './html-page.ts'
import {
  detailTable,
  elasticityTable,
  importanceTable,
  instantTable,
  keyTable,
  lengthTable,
  overviewTable,
  shareTable,
  transitionTable,
  uncertainTable,
  worstTable,
} from './html-tables.ts'
import { isPlayed, toldPerPlay } from './plays.ts'
import { bindUnits } from './text.ts'

/**
 * One result, or several one after another, as a self-contained page: readable offline, without scripts, in light and
 * dark, and on paper. Each chart's Vega-Lite specification is inside, as JSON, for use elsewhere.
 */
export async function renderHtml(results: ResultFile | readonly ResultFile[]): Promise<string> {
  const all = [results].flat() as readonly ResultFile[]
  const articles: string[] = []
  for (const [index, result] of all.entries()) articles.push(await article(result, `r${index + 1}`))
  const several = all.length > 1
  const title = several ? `${all.length} results side by side` : titleOf(all[0])
  const overview = several ? `<header><h1>${escapeHtml(title)}</h1>${overviewTable(all)}</header>` : ''
  const hasim = all[0]?.hasim ?? ''
  return htmlPage({
    title,
    hasim,
    body: [overview, ...articles, section('What the words mean', glossary())],
    footer: `Made by hasim ${hasim}. Every number is of the model it is shown with, and no truer than that.`,
  })
}

function titleOf(result: ResultFile | undefined): string {
  return result === undefined ? 'No result' : (result.question ?? result.experiment)
}

async function article(file: ResultFile, prefix: string): Promise<string> {
  const result = toldPerPlay(file)
  const charts: string[] = []
  for (const chart of chartsOf(file))
    charts.push(await chartSection(result, { ...chart, id: `${prefix}-${chart.id}` }, chart.id))
  const instants = instantTable(result)
  const transitions = transitionTable(result)
  const moves = elasticityTable(result)
  const importance = importanceTable(result)
  const uncertain = uncertainTable(result)
  return [
    `<article aria-labelledby="${prefix}-title">`,
    heading(result, prefix),
    `<section>${keyTable(result)}</section>`,
    ...charts,
    ...(instants === '' ? [] : [section('At the instants asked for', instants)]),
    ...(uncertain === '' ? [] : [section('Inputs being uncertain', uncertain)]),
    section(
      'More figures',
      folded('Downtime, degraded time, first outage', detailTable(result)) +
        (moves === '' ? '' : folded('What moves it', moves)) +
        (importance === '' ? '' : folded('How much each part matters', importance)) +
        (transitions === '' || isPlayed(result) ? '' : folded('Times of detection and failover', transitions)),
    ),
    section('How this was made', methodNotes(result)),
    section('The model of each variant', modelNotes(result)),
    '</article>',
  ].join('\n')
}

function heading(result: ResultFile, prefix: string): string {
  const facts = [
    result.experiment,
    `seed ${result.seed}`,
    yearsEach(result, 'all'),
    `computed in ${formatDuration(result.run.wallSeconds)}`,
    `hasim ${result.hasim}`,
  ]
  const notice = result.run.partial
    ? '<p class="notice">This run was interrupted: what was finished is shown, with the intervals it earned.</p>'
    : ''
  return `<header><p class="kicker">${facts.map((fact) => escapeHtml(bindUnits(fact))).join(' · ')}</p><h1 id="${prefix}-title">${escapeHtml(titleOf(result))}</h1><p class="lede">${escapeHtml(bindUnits(result.verdict))}</p>${notice}</header>`
}

async function chartSection(result: ResultFile, chart: Chart, kind: string): Promise<string> {
  const sentence = chart.sentence === '' ? '' : `<p>${escapeHtml(bindUnits(chart.sentence))}</p>`
  const drawing = `<figure><div class="scroll">${await drawChart(chart)}</div></figure>`
  const data = `<script type="application/json" id="${chart.id}-spec" data-language="vega-lite-6">${escapeJson(chart.spec)}</script>`
  return `<section class="chart"><h2>${escapeHtml(chart.title)}</h2>${sentence}${drawing}${tableOf(result, kind)}${data}</section>`
}

/** The numbers under a chart; the key table has those of lost time. */
function tableOf(result: ResultFile, kind: string): string {
  switch (kind) {
    case 'mechanisms':
      return folded('Numbers', shareTable(result, 'mechanism'))
    case 'causes':
      return folded('Numbers', shareTable(result, 'cause'))
    case 'transitions':
      return folded('Numbers', transitionTable(result))
    case 'outage-lengths':
      return folded('Numbers', lengthTable(result))
    case 'worst-outages':
      return worstCommand(result) + folded('All of them, with the commands that play them again', worstTable(result))
    default:
      return ''
  }
}

function worstCommand(result: ResultFile): string {
  const worst = worstOutageOf(result)
  if (worst === undefined) return ''
  return `<p>Event by event: <code>${escapeHtml(traceCommand(result, worst.id))}</code></p>`
}
