import type { Problem } from '../../base/result.ts'
import { EXIT, InputFailure } from '../../host/failure.ts'
import { writeOut } from '../../host/terminal.ts'
import { TABLES, type ValidationTable } from '../../validate/table.ts'
import type { ValidationCase } from '../../validate/validation-case.ts'
import type { Arguments } from '../command.ts'
import { OptionReader } from '../options.ts'
import { didYouMean } from '../suggest.ts'

/** Runs tables again, one line a case as each is done. @returns the exit code */
export async function run({ positionals, options }: Arguments): Promise<number> {
  const reader = new OptionReader(options)
  const seed = reader.text('seed')
  const asJson = reader.text('format') === 'json'
  if (reader.flag('list')) reader.onlyBeside('list', ['format'])
  reader.finish()
  const tables = tablesOf(positionals)
  if (reader.flag('list')) {
    writeOut(asJson ? json(tables.map(({ name, summary }) => ({ name, summary }))) : tables.map(line).join(''))
    return EXIT.done
  }
  const cases: ValidationCase[] = []
  for (const table of tables) {
    for await (const one of table.cases({ seed: seed ?? table.name, fast: reader.flag('fast') })) {
      cases.push(one)
      if (!asJson) writeOut(caseLine(one))
    }
  }
  const differ = cases.filter(({ verdict }) => verdict === 'differs').length
  writeOut(asJson ? json(cases) : closingLine(cases, differ))
  return differ === 0 ? EXIT.done : EXIT.disagrees
}

/** @throws InputFailure with every name that is no table */
function tablesOf(names: readonly string[]): readonly ValidationTable[] {
  // T3 is raft by its number in the list of tables.
  if (names.length === 0) return TABLES.filter(({ name }) => name !== 'T3')
  const known = TABLES.map(({ name }) => name)
  const problems = names
    .filter((name) => !known.includes(name))
    .map((path): Problem => {
      const message = `no such table is built yet${didYouMean(path, known)}; there are: ${known.join(', ')}`
      return { path, message }
    })
  if (problems.length > 0) throw new InputFailure(problems)
  return TABLES.filter(({ name }) => names.includes(name))
}

function line({ name, summary }: ValidationTable): string {
  return `${name}  ${summary}\n`
}

function caseLine({
  table,
  case: name,
  expected,
  computed,
  measure,
  distance,
  limit,
  verdict,
}: ValidationCase): string {
  const far = distance === null ? '' : ` ${distance.toPrecision(2)}`
  const bar = limit === null ? '' : ` of ${limit.toPrecision(2)}`
  return `${table}  ${verdict}  ${name}: expected ${expected}; computed ${computed}; ${measure}${far}${bar}\n`
}

function closingLine(cases: readonly ValidationCase[], differ: number): string {
  const shown = cases.filter(({ verdict }) => verdict === 'not judged').length
  return `${cases.length - differ - shown} agree, ${differ} differ, ${shown} not judged\n`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
