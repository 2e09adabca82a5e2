import { createHash } from 'node:crypto'
import {
  type Calibrated,
  calibrate,
  durationText,
  lawText,
  type Source,
  writeCard,
} from '../../adapter/calibrate/card.ts'
import {
  instantOf,
  readColumn,
  readIncidents,
  readMetrics,
  readReplay,
  type SampleSet,
} from '../../adapter/calibrate/samples.ts'
import { reasonOf } from '../../base/reason.ts'
import { fail, ok, type Problem, type Result } from '../../base/result.ts'
import { readCsvRows } from '../../document/csv.ts'
import { profileSpec } from '../../experiment/spec-failures.ts'
import { EXIT, InputFailure, inputFailure } from '../../host/failure.ts'
import { readTextFile, writeFileAtomically } from '../../host/files.ts'
import { writeErr, writeOut } from '../../host/terminal.ts'
import { layOut } from '../../report/grid.ts'
import type { Arguments } from '../command.ts'
import { OptionReader } from '../options.ts'

const MAX_BYTES = 500_000_000
const MAX_PARTS = 10_000_000

interface Options {
  readonly from: number | null
  readonly to: number | null
  readonly parts: number | null
  readonly allNew: boolean
  readonly column: string | null
  readonly as: string | null
}

/** Fits what the files hold. @returns the exit code */
export async function run({ positionals, options }: Arguments): Promise<number> {
  const reader = new OptionReader(options)
  const read: Options = {
    from: readInstant(reader, 'from'),
    to: readInstant(reader, 'to'),
    parts: reader.whole('parts', 1, MAX_PARTS),
    allNew: reader.flag('new'),
    column: reader.text('column'),
    as: reader.text('as'),
  }
  const [name, out, format] = [
    reader.text('name') ?? 'calibrated',
    reader.text('out'),
    reader.text('format') ?? 'table',
  ]
  if (out === null)
    reader.given(['name']).map((one) => reader.refuse(one, 'names the card that --out writes: say --out'))
  reader.finish()
  const { samples, sources, kinds } = readAll(positionals, read)
  refuseUnused(reader, kinds)
  const part = read.as ?? 'node'
  if (kinds.has('incidents') && !(part in profileSpec.shape)) {
    throw inputFailure(
      '--as',
      `${part} is nothing that a failure profile knows: ${Object.keys(profileSpec.shape).slice(2).join(', ')}`,
    )
  }
  const all = samples.map(calibrate)
  writeOut(format === 'json' ? `${JSON.stringify({ sources, fits: all }, null, 2)}\n` : tableOf(all))
  if (out === null) return EXIT.done
  const card = writeCard(name, part, all, sources)
  if (!card.ok) throw new InputFailure(card.problems)
  writeFileAtomically(out, card.value)
  writeErr(`card: ${out}\n`)
  return EXIT.done
}

function readInstant(reader: OptionReader, option: string): number | null {
  const text = reader.text(option)
  if (text === null) return null
  const instant = instantOf(text)
  if (instant === undefined) reader.refuse(option, `${text} is no instant, such as 2026-01-31 or 2026-01-31T14:05:00Z`)
  return instant ?? null
}

interface ReadFiles {
  readonly samples: SampleSet[]
  readonly sources: Source[]
  readonly kinds: ReadonlySet<Kind>
}

function readAll(paths: readonly string[], options: Options): ReadFiles {
  const kinds = new Set<Kind>()
  const problems: Problem[] = []
  const merged = new Map<string, SampleSet>()
  const sources: Source[] = []
  for (const path of paths) {
    const text = readTextFile(path, MAX_BYTES)
    const kind = text.ok ? kindOf(text.value, options.column) : null
    const read = text.ok ? readOne(path, text.value, kind, options) : text
    if (kind !== null) kinds.add(kind)
    if (!read.ok || !text.ok) {
      if (!read.ok) problems.push(...read.problems)
      continue
    }
    sources.push({ file: path, sha256: createHash('sha256').update(text.value).digest('hex') })
    for (const one of read.value) {
      const known = merged.get(one.name)
      const exposure = known === undefined ? one.exposure : (known.exposure ?? 0) + (one.exposure ?? 0)
      merged.set(one.name, { name: one.name, times: [...(known?.times ?? []), ...one.times], exposure })
    }
  }
  if (problems.length > 0) throw new InputFailure(problems)
  return { samples: [...merged.values()], sources, kinds }
}

/** What a file can be, and which options say more of it. */
const OPTIONS_OF = {
  incidents: ['from', 'to', 'parts', 'new', 'as'],
  column: ['column', 'as'],
  replay: [],
  metrics: [],
} as const
type Kind = keyof typeof OPTIONS_OF

/** @throws InputFailure where an option says something of files that are not there */
function refuseUnused(reader: OptionReader, kinds: ReadonlySet<Kind>): void {
  const all = Object.keys(OPTIONS_OF) as Kind[]
  const takes = (kind: Kind, option: string) => (OPTIONS_OF[kind] as readonly string[]).includes(option)
  for (const option of reader.given(all.flatMap((kind) => OPTIONS_OF[kind]))) {
    if ([...kinds].some((kind) => takes(kind, option))) continue
    const others = all.filter((kind) => takes(kind, option)).join(' or ')
    reader.refuse(option, `does nothing: it is for ${others}, and no FILE is such (${[...kinds].join(', ')})`)
  }
  reader.finish()
}

/** What a file is, is told by how it begins; null: it is empty. */
function kindOf(text: string, column: string | null): Kind | null {
  const start = text.trimStart()
  if (start === '') return null
  if (start.startsWith('{')) return 'replay'
  if (start.startsWith('# HELP') || start.includes('_bucket{')) return 'metrics'
  const [head] = readCsvRows(start.split('\n', 1)[0]!)
  return column === null && head?.cells.includes('failed') === true ? 'incidents' : 'column'
}

function readOne(path: string, text: string, kind: Kind | null, options: Options): Result<SampleSet[]> {
  switch (kind) {
    case null:
      return fail([{ file: path, path: '', message: 'is empty' }])
    case 'replay':
      return readReplayText(path, text)
    case 'metrics':
      return single(readMetrics(path, text))
    case 'column':
      return single(readColumn(path, text, options.column, options.as ?? 'values'))
    case 'incidents':
      return readIncidentsBetween(path, text, options)
  }
}

function readReplayText(path: string, text: string): Result<SampleSet[]> {
  try {
    return readReplay(path, JSON.parse(text))
  } catch (error) {
    return fail([{ file: path, path: '', message: `is not JSON: ${reasonOf(error)}` }])
  }
}

function readIncidentsBetween(path: string, text: string, options: Options): Result<SampleSet[]> {
  const { from, to, parts, allNew } = options
  if (from === null || to === null)
    return fail([
      {
        path: from === null ? '--from' : '--to',
        message: 'is missing: incidents say nothing of the time in which none happened',
      },
    ])
  if (to <= from) return fail([{ path: '--to', message: 'is not after --from' }])
  return readIncidents(path, text, { from, to, parts, allNew })
}

function single(read: Result<SampleSet>): Result<SampleSet[]> {
  return read.ok ? ok([read.value]) : read
}

function tableOf(all: readonly Calibrated[]): string {
  const head = ['', 'n', 'censored', 'law', 'mean', '95 %', 'AIC', 'distance']
  const rows = all.flatMap(({ name, n, censored, fits, leastMean, warning }) => {
    if (fits.length === 0)
      return [
        [
          name,
          '0',
          String(censored),
          leastMean === null ? 'nothing can be said' : `mean > ${durationText(leastMean)} (95 %, one-sided)`,
        ],
      ]
    return fits.map((fit, i) => [
      i === 0 ? name : '',
      i === 0 ? String(n) : '',
      i === 0 ? String(censored) : '',
      lawText(fit),
      durationText(fit.mean),
      `${durationText(fit.meanInterval.lo)} … ${fit.meanInterval.hi === null ? '∞' : durationText(fit.meanInterval.hi)}`,
      fit.aic.toFixed(1),
      fit.distance.toFixed(3) + (i === 0 && warning !== null ? `  ${warning}` : ''),
    ])
  })
  return `${layOut([head, ...rows], 2).join('\n')}\n`
}
