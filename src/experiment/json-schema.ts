import { z } from 'zod'
import { resultSchema } from './result-schema.ts'
import { experimentDocument, modelDocument, planSpec } from './spec.ts'

/** Formats that have a JSON Schema. */
export const SCHEMA_NAMES = ['experiment', 'model', 'plan', 'result'] as const
export type SchemaName = (typeof SCHEMA_NAMES)[number]

const SCHEMAS: { readonly [name in SchemaName]: { readonly title: string; readonly schema: z.ZodType } } = {
  experiment: { title: 'hasim experiment', schema: experimentDocument },
  model: { title: 'hasim model', schema: modelDocument },
  plan: { title: 'hasim fault plan', schema: planSpec },
  result: { title: 'hasim result', schema: resultSchema },
}

/** The JSON Schema (draft 2020-12) of a format, as it is written: before defaults are filled in. */
export function schemaOf(name: SchemaName): object {
  const { title, schema } = SCHEMAS[name]
  // What a person types as a word (a duration, a distribution) is checked when it is read; a schema allows any text.
  return { ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), title }
}
