import picocolors from 'picocolors'
import type { ReplayFile } from '../experiment/replay.ts'
import { layOut } from './grid.ts'
import { millisText } from './plays.ts'
import { comparedRows, replayGround, replayVerdict } from './replay-facts.ts'
import { hang, plain } from './text.ts'

/** The comparison as text for a terminal. */
export function renderReplay(file: ReplayFile, options: { readonly colour: boolean; readonly width: number }): string {
  const { bold, dim, green, red, yellow } = picocolors.createColors(options.colour)
  const tone: { readonly [verdict: string]: (text: string) => string } = {
    agrees: green,
    differs: red,
    'too few': yellow,
  }
  const head = ['', 'predicted 25 %', '50 %', '75 %', '  measured n', '10 %', '50 %', '90 %', 'KS', 'p', ''].map(dim)
  const rows = comparedRows(file).map(({ name, predicted, measured, score }) => [
    bold(plain(name)),
    ...(predicted === null ? ['–', '–', '–'] : [predicted.p25, predicted.p50, predicted.p75].map(millisText)),
    `  ${measured.n}`,
    ...[measured.p10, measured.p50, measured.p90].map(millisText),
    score === null ? '–' : score.ks.toFixed(2),
    score === null ? '–' : score.p.toFixed(3),
    score === null ? dim('not predicted') : (tone[score.verdict] ?? dim)(score.verdict),
  ])
  const lines = [
    `${bold(plain(file.plan))} on ${bold(plain(file.target))} ${dim(`· seed ${plain(file.seed)} · ms since the fault`)}`,
    ...hang(dim(replayGround(file)), options.width, 0),
    '',
    ...layOut([head, ...rows], 2),
    '',
    ...hang(replayVerdict(file), options.width, 0),
    ...(file.divergence === null ? [] : hang(file.divergence.words, options.width, 0)),
  ]
  return `${lines.join('\n')}\n`
}
