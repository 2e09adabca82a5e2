import type { ReplayFile } from '../experiment/replay.ts'
import { escapeMarkdown } from './escape.ts'
import { millisText } from './plays.ts'
import { comparedRows, replayGround, replayVerdict } from './replay-facts.ts'

/** A replay as Markdown. */
export function renderReplayMarkdown(files: readonly ReplayFile[]): string {
  return files.map(one).join('\n')
}

function one(file: ReplayFile): string {
  const head = [
    'ms since the fault',
    'predicted 25 %',
    '50 %',
    '75 %',
    'n',
    'measured 10 %',
    '50 %',
    '90 %',
    'KS',
    'p',
    'verdict',
  ]
  const rows = comparedRows(file).map(({ name, predicted, measured, score }) => [
    escapeMarkdown(name),
    ...(predicted === null ? ['–', '–', '–'] : [predicted.p25, predicted.p50, predicted.p75].map(millisText)),
    String(measured.n),
    ...[measured.p10, measured.p50, measured.p90].map(millisText),
    score === null ? '–' : score.ks.toFixed(2),
    score === null ? '–' : score.p.toFixed(3),
    score === null ? 'not predicted' : score.verdict,
  ])
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    `# ${escapeMarkdown(`${file.plan} on ${file.target}`)}`,
    '',
    escapeMarkdown(replayVerdict(file)),
    ...(file.divergence === null ? [] : ['', escapeMarkdown(file.divergence.words)]),
    '',
    escapeMarkdown(`${replayGround(file)}; seed ${file.seed}; hasim ${file.hasim}`),
    '',
    line(head),
    line(head.map((_, i) => (i === 0 || i === head.length - 1 ? '---' : '---:'))),
    ...rows.map(line),
    '',
  ].join('\n')
}
