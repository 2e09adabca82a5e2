import { jsonSchema } from '../../experiment/schema.ts'
import { EXIT, InputFailure } from '../../host/failure.ts'
import { writeOut } from '../../host/terminal.ts'
import type { Arguments } from '../command.ts'

/** Prints a format's JSON Schema. @returns the exit code */
export async function run({ positionals }: Arguments): Promise<number> {
  const schema = jsonSchema(positionals[0] ?? 'experiment')
  if (!schema.ok) throw new InputFailure(schema.problems)
  writeOut(`${JSON.stringify(schema.value, null, 2)}\n`)
  return EXIT.done
}
