/** Writes the JSON Schemas that the YAML files name in their first line: `npx tsx scripts/write-schemas.ts`. */
import { writeFileSync } from 'node:fs'
import { jsonSchema, SCHEMA_NAMES } from '../src/experiment/schema.ts'

for (const name of SCHEMA_NAMES) {
  const schema = jsonSchema(name)
  if (!schema.ok) throw new Error(`no schema ${name}`)
  writeFileSync(new URL(`../models/schema/${name}.json`, import.meta.url), `${JSON.stringify(schema.value, null, 2)}\n`)
}
