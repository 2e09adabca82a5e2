import { z } from 'zod'
import { fail, type Result } from '../base/result.ts'
import { isMapping } from '../document/located.ts'
import { closest } from '../document/suggest.ts'
import * as say from './messages.ts'
import { resultSchema } from './schema-result.ts'
import { experimentDocument, modelDocument, planSpec, profileDocument } from './spec.ts'
import { targetSpec } from './spec-target.ts'
import { EXAMPLES, FILLED } from './spec-words.ts'

/** Formats with a JSON Schema, for editors and for programs that read results. */
export const SCHEMA_NAMES = ['experiment', 'model', 'profile', 'plan', 'target', 'result'] as const
export type SchemaName = (typeof SCHEMA_NAMES)[number]

const SOURCES: { readonly [name in SchemaName]: { readonly title: string; readonly schema: z.ZodType } } = {
  experiment: { title: 'hasim experiment', schema: experimentDocument },
  model: { title: 'hasim model', schema: modelDocument },
  profile: { title: 'hasim failure profile', schema: profileDocument },
  plan: { title: 'hasim fault plan', schema: planSpec },
  target: { title: 'hasim target', schema: targetSpec },
  result: { title: 'hasim result, hasim/result@1', schema: resultSchema },
}

/** The JSON Schema (draft 2020-12) of a format; a name that is unknown or not built yet is refused with what is there. */
export function jsonSchema(name: string): Result<object> {
  if (!isSchemaName(name)) {
    const message = say.notNamed('schema', name, closest(name, SCHEMA_NAMES), SCHEMA_NAMES)
    return fail([{ path: 'schema', message }])
  }
  const { title, schema } = SOURCES[name]
  const made = z.toJSONSchema(schema, { io: 'input' }) as Schema
  return { ok: true, value: { title, ...tidied(made, name === 'profile') } }
}

function isSchemaName(name: string): name is SchemaName {
  return (SCHEMA_NAMES as readonly string[]).includes(name)
}

interface Schema {
  readonly [key: string]: unknown
}

/**
 * The schema as users see it: what a product's data fills in is not required, examples are called examples, and with
 * `sources` each number may also stand as `{ value, source, grade }`.
 */
function tidied(schema: Schema, sources: boolean): Schema {
  const { [FILLED]: _, [EXAMPLES]: examples, ...rest } = schema
  const tidy: Record<string, unknown> = examples === undefined ? rest : { ...rest, examples }
  for (const [key, value] of Object.entries(tidy)) {
    if (key === 'properties' || key === '$defs') tidy[key] = eachTidied(value as Schema, sources)
    else if (Array.isArray(value)) tidy[key] = value.map((item) => (isMapping(item) ? tidied(item, sources) : item))
    else if (isMapping(value)) tidy[key] = tidied(value, sources)
  }
  const properties = (schema['properties'] ?? {}) as { readonly [key: string]: Schema }
  const required = ((schema['required'] ?? []) as string[]).filter((key) => properties[key]?.[FILLED] !== true)
  if (required.length > 0) tidy['required'] = required
  else delete tidy['required']
  return tidy
}

function eachTidied(properties: Schema, sources: boolean): Schema {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const own = tidied(value as Schema, sources)
      const isNumber = 'examples' in own || 'enum' in own
      return [key, sources && isNumber ? { anyOf: [own, SOURCED] } : own]
    }),
  )
}

const SOURCED: Schema = {
  type: 'object',
  properties: {
    value: {},
    source: { type: 'string', description: 'Where the number is from.' },
    grade: {
      enum: ['V', 'S', 'U'],
      description: 'V: read in a primary source, S: in a secondary one, U: not verified.',
    },
    note: { type: 'string' },
  },
  required: ['value'],
  additionalProperties: false,
}
