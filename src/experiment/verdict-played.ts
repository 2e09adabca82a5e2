import { formatCount, formatDurationSpread, formatPercent } from '../base/format.ts'
import { SECONDS_PER_YEAR } from '../base/units.ts'
import { scaledEstimate } from '../stats/interval.ts'
import type { Estimate, Played, VariantResult } from './result.ts'
import { isClear, listed, named, serviceOf } from './verdict-words.ts'

/** Losses beyond the outages that are worth a word, as a share of them. */
const WORTH_A_WORD = 0.2

/** The answer in one sentence when a fault plan is played: how long the service is away each time, and what helps. */
export function playedVerdict(service: string, variants: readonly VariantResult[], played: Played): string {
  const [baseline, ...others] = variants
  if (baseline === undefined || baseline.replications === 0) {
    return 'Nothing can be said yet: no replication was finished.'
  }
  const perPlay = (variant: VariantResult): Estimate =>
    estimatePerPlay(serviceOf(variant, service).downtimeSecondsPerYear, played)
  const down = perPlay(baseline)
  const what = service === 'write' || service === 'read' ? `${service}s` : service
  const lead = `When ${played.plan} is played, ${named(baseline)} is ${withoutFor(what, down)}`
  const rest = others.map((other) => ({ name: named(other), ...against(down, perPlay(other)) }))
  return `${lead}${besides(service, baseline, played)}${compared(rest)}.`
}

/** An estimate a year as one per play. */
export function estimatePerPlay(of: Estimate, { horizonSeconds }: Played): Estimate {
  return scaledEstimate(of, horizonSeconds / SECONDS_PER_YEAR)
}

function withoutFor(what: string, down: Estimate): string {
  if (down.mean === 0) return `never without ${what}`
  const { mean, range } = formatDurationSpread(down)
  return down.lo === down.hi
    ? `without ${what} for ${mean}`
    : `without ${what} for ${mean} (${range}, ${formatPercent(down.level)})`
}

/** `, and loses 12 s in all with the requests that fail while others succeed`. */
function besides(service: string, baseline: VariantResult, played: Played): string {
  const { lostSecondsPerYear, downtimeSecondsPerYear } = serviceOf(baseline, service)
  const extra = lostSecondsPerYear.mean - downtimeSecondsPerYear.mean
  if (!(extra > WORTH_A_WORD * downtimeSecondsPerYear.mean)) return ''
  const all = formatDurationSpread(estimatePerPlay(lostSecondsPerYear, played)).mean
  return `, and loses ${all} in all with the requests that fail while others succeed`
}

interface Against {
  readonly name: string
  readonly verb: string
  readonly to: string
}

function against(baseline: Estimate, other: Estimate): Omit<Against, 'name'> {
  if (other.mean === 0 && baseline.mean > 0)
    return { verb: `avoids that in all of ${formatCount(other.n)} plays`, to: '' }
  const apart = isClear({
    ...other,
    lo: other.lo - (baseline.hi ?? Infinity),
    hi: (other.hi ?? Infinity) - baseline.lo,
  })
  if (!apart) return { verb: 'makes no clear difference', to: '' }
  const to = formatDurationSpread(other).mean
  return other.mean < baseline.mean ? { verb: 'cuts that to', to } : { verb: 'makes that', to }
}

/** `; five cuts that to 1.05 s, short-timers to 0.59 s`: a verb is not said again. */
function compared(rest: readonly Against[]): string {
  const verbs = [...new Set(rest.map(({ verb }) => verb))]
  const clauses = verbs.map((verb) => {
    const those = rest.filter((one) => one.verb === verb)
    const [first, ...more] = those
    if (first!.to !== '') {
      const again = verb.endsWith(' to') ? 'to ' : ''
      return listed([`${first!.name} ${verb} ${first!.to}`, ...more.map(({ name, to }) => `${name} ${again}${to}`)])
    }
    const names = listed(those.map(({ name }) => name))
    return `${names} ${those.length === 1 ? verb : verb.replace(/^(make|avoid)s/, '$1')}`
  })
  return clauses.map((clause) => `; ${clause}`).join('')
}
