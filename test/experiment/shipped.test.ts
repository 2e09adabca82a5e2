import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isMapping } from '../../src/document/located.ts'
import { readYaml } from '../../src/document/yaml.ts'
import { readExperiment, readModel } from '../../src/experiment/parse.ts'
import { readPlan } from '../../src/experiment/plan.ts'
import { jsonSchema, SCHEMA_NAMES } from '../../src/experiment/schema.ts'
import { PRODUCTS, PROFILES } from '../../src/experiment/sources.ts'
import { assertOk, ROOT, readFrom } from './files.ts'

function yamlIn(folder: string): string[] {
  return readdirSync(ROOT + folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `${folder}/${file}`)
}

const text = (file: string): string => readFileSync(ROOT + file, 'utf8')
const readFile = readFrom()

describe('shipped files', () => {
  it.each([...yamlIn('experiments'), ...yamlIn('experiments/systems')])('%s is an experiment', (file) => {
    const config = assertOk(readExperiment(file, text(file), { readFile }))
    expect(config.variants.length).toBeGreaterThan(0)
    expect(config.services.length).toBeGreaterThan(0)
    expect(Object.isFrozen(config.variants[0]!.model)).toBe(true)
  })

  it.each(yamlIn('models/clusters'))('%s is a model, and an experiment of its own', (file) => {
    expect(assertOk(readModel(file, text(file), { readFile })).id).toBe('base')
    expect(assertOk(readExperiment(file, text(file), { readFile })).variants).toHaveLength(1)
  })

  it.each(yamlIn('experiments/plans'))('%s is a fault plan', (file) => {
    expect(assertOk(readPlan(file, text(file))).actions.length).toBeGreaterThan(0)
  })

  it('the names in the code are the files there are', () => {
    const names = (folder: string) => yamlIn(folder).map((file) => file.replace(/^.*\//, '').replace('.yaml', ''))
    expect(names('models/failures').sort()).toEqual([...PROFILES].sort())
    expect(names('models/products').sort()).toEqual([...PRODUCTS].sort())
  })

  it.each([...yamlIn('models/products'), ...yamlIn('models/failures')])('%s: each number has a source', (file) => {
    const withoutSource: string[] = []
    const walk = (value: unknown, path: string): void => {
      if (!isMapping(value)) withoutSource.push(path)
      else if (!Object.hasOwn(value, 'value')) {
        for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`)
      } else if (typeof value['source'] !== 'string') withoutSource.push(path)
    }
    const {
      name: _,
      description: __,
      ...numbers
    } = assertOk(readYaml(file, text(file))).value as Record<string, unknown>
    walk(numbers, '')
    expect(withoutSource).toEqual([])
  })

  it.each([
    ...yamlIn('models/clusters'),
    ...yamlIn('models/failures'),
    ...yamlIn('experiments'),
    ...yamlIn('experiments/plans'),
  ])('%s names its schema for editors', (file) => {
    const schema = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text(file))?.[1]
    const found = new URL(schema ?? 'none', `file://${ROOT}${file}`)
    expect(isMapping(JSON.parse(readFileSync(found, 'utf8')))).toBe(true)
  })
})

describe('JSON Schemas', () => {
  it.each(SCHEMA_NAMES)('models/schema/%s.json is what scripts/write-schemas.ts writes', (name) => {
    expect(JSON.parse(text(`models/schema/${name}.json`))).toEqual(assertOk(jsonSchema(name)))
  })

  it('asks of a user only what no product fills in', () => {
    const schema = assertOk(jsonSchema('model')) as { anyOf: { required: string[]; properties: { etcd: object } }[] }
    expect(schema.anyOf[0]!.required).toEqual(['nodes', 'etcd'])
    expect(schema.anyOf[0]!.properties.etcd).toMatchObject({ required: ['on'] })
  })

  it('refuses names that are not there', () => {
    expect(jsonSchema('modell')).toMatchObject({
      problems: [{ message: expect.stringContaining('did you mean model?') }],
    })
  })
})
