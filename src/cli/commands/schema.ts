import { SCHEMA_NAMES, schemaOf } from '../../experiment/json-schema.ts'
import { EXIT, inputFailure } from '../../host/failure.ts'
import { writeOut } from '../../host/terminal.ts'
import type { Arguments, Command } from '../command.ts'
import { didYouMean } from '../suggest.ts'

/** `hasim schema`: JSON Schema of the formats. */
export const schemaCommand: Command = {
  name: 'schema',
  positionals: `[${SCHEMA_NAMES.join('|')}]`,
  describe:
    'Prints the JSON Schema of a format (default: experiment). Editors that speak YAML complete keys and show\n' +
    'what they mean when a file begins with the line  # yaml-language-server: $schema=FILE',
  count: { min: 0, max: 1 },
  options: {},
  examples: [
    ['hasim schema > experiment.schema.json', 'what an experiment may say'],
    ['hasim schema result | jq .properties', 'what a result holds'],
  ],
  run,
}

/** Formats that come with what reads them. */
const PLANNED_SCHEMAS = ['target']

async function run({ positionals }: Arguments): Promise<number> {
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
