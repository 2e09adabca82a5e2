import { SCHEMA_NAMES, schemaOf } from '../../experiment/json-schema.ts'
import { EXIT, inputFailure } from '../../host/failure.ts'
import { writeOut } from '../../host/terminal.ts'
import type { Arguments } from '../command.ts'
import { didYouMean } from '../suggest.ts'

/** Formats that come with what reads them. */
const PLANNED_SCHEMAS = ['target']

/** Prints a format's JSON Schema. @returns the exit code */
export async function run({ positionals }: Arguments): Promise<number> {
  const wanted = positionals[0] ?? 'experiment'
  const name = SCHEMA_NAMES.find((known) => known === wanted)
  if (name === undefined) {
    const what = PLANNED_SCHEMAS.includes(wanted)
      ? 'is not built yet'
      : `is no format${didYouMean(wanted, SCHEMA_NAMES)}`
    throw inputFailure(wanted, `${what}; there are: ${SCHEMA_NAMES.join(', ')}`)
  }
  writeOut(`${JSON.stringify(schemaOf(name), null, 2)}\n`)
  return EXIT.done
}
