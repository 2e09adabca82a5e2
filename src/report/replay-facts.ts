import type { ReplayFile, Score, Spread } from '../experiment/replay.ts'
import { inOrder, wordsOf } from './plays.ts'

/** One quantity, predicted and measured. */
export interface ComparedRow {
  readonly name: string
  readonly words: string
  readonly predicted: Spread | null
  readonly measured: Spread
  readonly score: Score | null
}

const OUTAGE = /^(.+)\.outage$/

/** Every quantity that was measured, in the order in which a failover goes, then time in outages. */
export function comparedRows({ measured, predicted, score }: ReplayFile): ComparedRow[] {
  const names = Object.keys(measured)
  const outages = names.filter((name) => OUTAGE.test(name))
  const shown = outages.filter((name) => measured[name]!.p90 > 0 || (predicted[name]?.p90 ?? 0) > 0)
  return [...inOrder(names.filter((name) => !OUTAGE.test(name))), ...shown].map((name) => ({
    name,
    words: quantityWords(name),
    predicted: predicted[name] ?? null,
    measured: measured[name]!,
    score: score[name] ?? null,
  }))
}

/** What a transition, or the time in outages, is. */
function quantityWords(name: string): string {
  const service = OUTAGE.exec(name)?.[1]
  return service === undefined ? wordsOf(name) : `time in which ${service} was away`
}

/** The answer in one sentence. */
export function replayVerdict(file: ReplayFile): string {
  const { trials, score, plan, target } = file
  const scores = Object.values(score)
  const compared = scores.filter(({ verdict }) => verdict === 'agrees' || verdict === 'differs')
  const differing = Object.keys(score).filter((name) => score[name]!.verdict === 'differs')
  const played = `${plan} was played ${trials.length === 1 ? 'once' : `${trials.length} times`} on ${target}`
  const stopped = file.partial ? ' (interrupted)' : ''
  if (compared.length === 0) return `${played}${stopped}: too few trials to compare with the prediction.`
  if (differing.length === 0) return `${played}${stopped}: all ${compared.length} quantities agree with the prediction.`
  return `${played}${stopped}: ${differing.length} of ${compared.length} quantities ${differing.length === 1 ? 'differs' : 'differ'} from the prediction: ${differing.join(', ')}.`
}

/** What ran, and what stood in for something. */
export function replayGround({ versions, standIns, kind, model, learnt }: ReplayFile): string {
  const paces = Object.entries(learnt).map(([path, value]) => `${path} ${value}`)
  const own = paces.length === 0 ? '' : `, with what was learnt here: ${paces.join(', ')}`
  const products = Object.entries(versions).map(([product, version]) => `${product} ${version}`)
  const stand = standIns.length === 0 ? '' : `; stand-ins, not the real thing: ${standIns.join(', ')}`
  return `${[kind, ...products].join(', ')}${stand}; predicted by ${model}${own}`
}
