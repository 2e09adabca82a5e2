import type { ReplayFile, Score } from '../experiment/replay.ts'
import type { Chart } from './chart.ts'
import { drawChart } from './chart-svg.ts'
import { escapeHtml, escapeJson } from './escape.ts'
import { folded, htmlPage, section } from './html-page.ts'
import { millisText } from './plays.ts'
import { distributionChart, timelineChart } from './replay-charts.ts'
import { comparedRows, replayGround, replayVerdict } from './replay-facts.ts'

/** A replay as a self-contained page, as results have. */
export async function renderReplayHtml(files: readonly ReplayFile[]): Promise<string> {
  const articles: string[] = []
  for (const [i, file] of files.entries()) articles.push(await article(file, `p${i + 1}`))
  const [first] = files
  const title = files.length === 1 && first !== undefined ? titleOf(first) : `${files.length} replays side by side`
  return htmlPage({
    title,
    hasim: first?.hasim ?? '',
    body: articles,
    footer: `Made by hasim ${first?.hasim ?? ''}. Measured from outside, as a client sees it.`,
  })
}

function titleOf({ plan, target }: ReplayFile): string {
  return `${plan} on ${target}`
}

async function article(file: ReplayFile, prefix: string): Promise<string> {
  const facts = [`${file.trials.length} trials`, `seed ${file.seed}`, replayGround(file), `hasim ${file.hasim}`]
  const divergence = file.divergence === null ? '' : `<p class="notice">${escapeHtml(file.divergence.words)}</p>`
  const charts = [distributionChart(file), ...file.trials.slice(0, 1).map((_, at) => timelineChart(file, at))]
  const drawn: string[] = []
  for (const chart of charts)
    if (chart !== undefined) drawn.push(await figure({ ...chart, id: `${prefix}-${chart.id}` }))
  return [
    `<article aria-labelledby="${prefix}-title">`,
    `<header><p class="kicker">${facts.map(escapeHtml).join(' · ')}</p><h1 id="${prefix}-title">${escapeHtml(titleOf(file))}</h1><p class="lede">${escapeHtml(replayVerdict(file))}</p>${divergence}</header>`,
    `<section>${comparison(file)}</section>`,
    ...drawn,
    section('Trial by trial', folded('Every value', trialTable(file))),
    '</article>',
  ].join('\n')
}

async function figure(chart: Chart): Promise<string> {
  const sentence = chart.sentence === '' ? '' : `<p>${escapeHtml(chart.sentence)}</p>`
  const data = `<script type="application/json" id="${chart.id}-spec" data-language="vega-lite-6">${escapeJson(chart.spec)}</script>`
  return `<section class="chart"><h2>${escapeHtml(chart.title)}</h2>${sentence}<figure><div class="scroll">${await drawChart(chart)}</div></figure>${data}</section>`
}

function comparison(file: ReplayFile): string {
  const head = ['', 'predicted 25 %', '50 %', '75 %', 'measured 10 %', '50 %', '90 %', 'n', 'KS', 'p', 'verdict']
  const groups = comparedRows(file).map(({ name, words, predicted, measured, score }) => ({
    title: `${name}: ${words}`,
    cells: [
      '',
      ...(predicted === null ? ['–', '–', '–'] : [predicted.p25, predicted.p50, predicted.p75].map(millisText)),
      ...[measured.p10, measured.p50, measured.p90].map(millisText),
      String(measured.n),
      score === null ? '–' : score.ks.toFixed(2),
      score === null ? '–' : score.p.toFixed(3),
      verdictCell(score),
    ],
  }))
  const body = groups.map(
    ({ title, cells }) =>
      `<tbody><tr><th class="group" scope="rowgroup" colspan="${head.length}">${escapeHtml(title)}</th></tr>${rowOf(cells)}</tbody>`,
  )
  return tableOf('Milliseconds since the fault.', head, body.join(''))
}

function verdictCell(score: Score | null): string {
  if (score === null) return 'not predicted'
  const tone = score.verdict === 'agrees' ? 'good' : score.verdict === 'differs' ? 'bad' : ''
  const word = tone === '' ? escapeHtml(score.verdict) : `<span class="${tone}">${escapeHtml(score.verdict)}</span>`
  return score.why === null ? word : `${word}<small>${escapeHtml(score.why)}</small>`
}

function trialTable({ trials }: ReplayFile): string {
  const names = [...new Set(trials.flatMap(({ transitions }) => Object.keys(transitions)))]
  const rows = trials.map((trial, i) => [
    String(i + 1),
    escapeHtml(trial.actions.map(({ on }) => (on.length > 80 ? `${on.slice(0, 77)}…` : on)).join('; ')),
    ...names.map((name) => [trial.transitions[name] ?? []].flat().map(millisText).join(', ')),
  ])
  return tableOf(
    'Values of each trial, in milliseconds.',
    ['trial', 'what was hit', ...names],
    `<tbody>${rows.map(rowOf).join('')}</tbody>`,
  )
}

/** Cells are HTML already; the first heads its row, the last may hold a note. */
function rowOf([first = '', ...rest]: readonly string[]): string {
  const cells = rest.map((cell, i) => `<td${i === rest.length - 1 ? ' class="note"' : ''}>${cell}</td>`)
  return `<tr><th scope="row">${first}</th>${cells.join('')}</tr>`
}

function tableOf(caption: string, head: readonly string[], body: string): string {
  const columns = head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${columns}</tr></thead>${body}</table></div>`
}
