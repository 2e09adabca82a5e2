import { formatCount, formatDuration } from '../base/format.ts'
import { SECONDS_PER_YEAR } from '../base/units.ts'
import type {
  Comparison,
  Estimate,
  ResultFile,
  ServiceResult,
  TransitionResult,
  VariantResult,
} from '../experiment/result.ts'
import { estimatePerPlay } from '../experiment/verdict-played.ts'

/**
 * The result with everything told per play where a fault plan is played instead of chance: what is `…PerYear` in the file
 * is per play in the copy. A year of one fault over and over is nobody's year, and an objective says nothing about it.
 * Other results come back as they are.
 */
export function toldPerPlay(result: ResultFile): ResultFile {
  if (!isPlayed(result)) return result
  return {
    ...result,
    variants: result.variants.map((variant) => ({ ...variant, services: servicesPerPlay(result, variant) })),
    comparisons: result.comparisons.map(
      (entry): Comparison => ({
        ...entry,
        lostSecondsPerYear: perPlay(result, entry.lostSecondsPerYear),
      }),
    ),
  }
}

/** Whether a fault plan is played; files of earlier versions do not say, and were told by the year. */
export function isPlayed(result: ResultFile): boolean {
  return (result.played ?? null) !== null
}

/** `a year`, or `a play`: what figures are told by. */
export function per(result: ResultFile): string {
  return isPlayed(result) ? 'a play' : 'a year'
}

function perPlay(result: ResultFile, of: Estimate): Estimate {
  return result.played === null ? of : estimatePerPlay(of, result.played)
}

function servicesPerPlay(result: ResultFile, variant: VariantResult): VariantResult['services'] {
  const factor = (result.played?.horizonSeconds ?? SECONDS_PER_YEAR) / SECONDS_PER_YEAR
  const entries = Object.entries(variant.services).map(([name, of]): [string, ServiceResult] => [
    name,
    {
      ...of,
      lostSecondsPerYear: perPlay(result, of.lostSecondsPerYear),
      downtimeSecondsPerYear: perPlay(result, of.downtimeSecondsPerYear),
      degradedSecondsPerYear: perPlay(result, of.degradedSecondsPerYear),
      outagesPerYear: perPlay(result, of.outagesPerYear),
      mechanisms: of.mechanisms.map((part) => ({ ...part, secondsPerYear: part.secondsPerYear * factor })),
      causes: of.causes.map((part) => ({ ...part, secondsPerYear: part.secondsPerYear * factor })),
      structure: null,
      slo: null,
    },
  ])
  return Object.fromEntries(entries)
}

/** One kind of transition, as all variants had it. */
export interface TransitionRows {
  readonly name: string
  /** What it is, in words. */
  readonly words: string
  /** Whether it counts; all others are milliseconds. */
  readonly isCount: boolean
  readonly rows: readonly { readonly variant: string; readonly of: TransitionResult }[]
}

const WORDS: { readonly [name: string]: string } = {
  'etcd.detected': 'a member has missed its leader and starts an election',
  'etcd.elected': 'there is a new leader',
  'etcd.recovered': 'writes are answered again',
  'etcd.terms': 'terms it took to elect one',
  'lb.markedDown': 'a balancer marks a server DOWN',
  'lb.markedUp': 'a balancer marks a server UP, after it could be used again',
  'address.moved': 'the address is on another balancer',
  'api.ready': 'an API server is ready again',
}
const AFTER_RETURN = '.afterReturn'

/** Every transition that was seen, in the order in which a failover goes; counts that are 1 nearly always are left out. */
export function transitionsOf(result: ResultFile): readonly TransitionRows[] {
  const names = [...new Set(result.variants.flatMap((variant) => Object.keys(variant.transitions)))]
  return inOrder(names)
    .map((name) => ({
      name,
      words: wordsOf(name),
      isCount: name.replace(AFTER_RETURN, '') === 'etcd.terms',
      rows: result.variants.flatMap((variant) => {
        const of = variant.transitions[name]
        return of === undefined ? [] : [{ variant: variant.id, of }]
      }),
    }))
    .filter(({ isCount, rows }) => !isCount || rows.some(({ of }) => of.p99 > 1))
}

/** Names of transitions in the order in which a failover goes; what follows the undoing last. */
export function inOrder(names: readonly string[]): string[] {
  const known = Object.keys(WORDS)
  const rank = (name: string): number => {
    const place = known.indexOf(name.replace(AFTER_RETURN, ''))
    return (place < 0 ? known.length : place) + (name.endsWith(AFTER_RETURN) ? 100 : 0)
  }
  return [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** What a transition is, in words. */
export function wordsOf(name: string): string {
  const words = WORDS[name.replace(AFTER_RETURN, '')] ?? ''
  return name.endsWith(AFTER_RETURN) ? `after the fault was undone: ${words}` : words
}

/** Milliseconds as such while they are few; hours of them as a duration. */
export function millisText(milliseconds: number): string {
  if (milliseconds >= 100_000) return formatDuration(milliseconds / 1000)
  return milliseconds < 9.95 && milliseconds > 0 ? milliseconds.toFixed(1) : formatCount(milliseconds)
}

/** The quantiles of a transition that tables show, with their headings. */
export const TRANSITION_HEAD = ['n', '10 %', '50 %', '90 %', '99 %'] as const

/** The cells below {@link TRANSITION_HEAD}. */
export function transitionCells({ isCount }: TransitionRows, of: TransitionResult): readonly string[] {
  const show = isCount ? (value: number): string => formatCount(value) : millisText
  return [formatCount(of.n), ...[of.p10, of.p50, of.p90, of.p99].map(show)]
}
