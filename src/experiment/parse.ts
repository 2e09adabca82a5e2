import { fail, ok, type Problem, type Result } from '../base/result.ts'
import { isMapping, type Located, partAt, placeOf, problemAt, valueAt } from '../document/located.ts'
import { readYaml } from '../document/yaml.ts'
import type { ExperimentConfig, VariantConfig } from './config.ts'
import { Context } from './context.ts'
import { productsFrom } from './defaults.ts'
import { assign, type Edit, editFromCommandLine, pathIn, resolveFailures } from './edits.ts'
import { deepFreeze } from './freeze.ts'
import { checkSpec } from './issues.ts'
import * as say from './messages.ts'
import { kindOfModel, normaliseVariant } from './normalise.ts'
import { checkTargets, type LocatedPlan } from './plan.ts'
import { ProblemsByVariant } from './problems.ts'
import { planOf, type RunOverrides, toRun } from './run-config.ts'
import { toServices } from './services.ts'
import { type ReadFile, readNamedYaml, withoutSources } from './sources.ts'
import { experimentSpec } from './spec.ts'
import { toUncertain } from './uncertain.ts'
import { checkConflicts, patched, type Variant, variantsOf } from './variants.ts'

/** What the command line adds to a file. */
export interface ReadOptions {
  readonly readFile: ReadFile
  /** `--set path=value`, in order. */
  readonly sets?: readonly { readonly path: string; readonly value: string }[]
  readonly overrides?: RunOverrides
}

/**
 * From the text of an experiment file to its total configuration, or every problem at once.
 * A model file is an experiment too: one variant, `base`, and all services it has.
 */
export function readExperiment(path: string, text: string, options: ReadOptions): Result<ExperimentConfig> {
  const { readFile, overrides = {} } = options
  const document = readYaml(path, text)
  if (!document.ok) return document
  const problems: Problem[] = []
  const { experiment: asWritten, model: written } = split(document.value)
  const { experiment, modelSets } = withSets(asWritten, options, problems)
  const spec = checkSpec(experimentSpec, experiment, problems)
  const plan = planOf(experiment, readFile, problems)
  const model = loadModel(written, readFile, problems)
  const variants = variantsOf(experiment)
  checkConflicts(modelSets, variants, problems)
  const configs = model === null ? null : normaliseAll(model, { sets: modelSets, variants, plan }, readFile, problems)
  if (spec === null || model === null || configs === null) return fail(inOrder(problems))

  const documents = configs.length === 0 ? [model.value] : configs.map((config) => config.document)
  const services = toServices(spec, documents, experiment, problems)
  const uncertain = toUncertain(spec.run.uncertain, configs, variants, new Context(experiment, readFile, problems))
  const run = { ...toRun(spec.run, plan, overrides, experiment, problems), uncertain }
  if (run.random) checkThatThingsFail(configs, experiment, problems)
  if (problems.length > 0) return fail(inOrder(problems))
  const name = spec.name ?? baseName(path)
  const seed = overrides.seed ?? spec.run.seed ?? name
  return ok(deepFreeze({ name, question: spec.question ?? null, seed, services, run, variants: configs }))
}

/** From the text of a model file to its total configuration (`id` is `base`); nothing need fail in it. */
export function readModel(path: string, text: string, options: ReadOptions): Result<VariantConfig> {
  const document = readYaml(path, text)
  if (!document.ok) return document
  const problems: Problem[] = []
  const model = loadModel(split(document.value).model, options.readFile, problems)
  const { modelSets } = withSets(document.value, options, problems)
  const base: Variant = { id: 'base', edits: [] }
  const [config] =
    model === null
      ? []
      : normaliseAll(model, { sets: modelSets, variants: [base], plan: null }, options.readFile, problems)
  return problems.length > 0 || config === undefined ? fail(inOrder(problems)) : ok(deepFreeze(config))
}

/** Keys of an experiment that a model file may carry too, so that one file is enough. */
const QUESTION_KEYS = ['question', 'variants', 'run', 'slo']

/** A document is an experiment with a model, or a model that is its own experiment. */
function split(document: Located): { experiment: Located; model: Located } {
  const kind = kindOfModel(document.value)
  if (kind === null) return { experiment: document, model: partAt(document, ['model']) }
  // In a part model `services` are conditions; a cluster has its own, and the list says which to measure.
  const keys = kind === 'cluster' ? [...QUESTION_KEYS, 'services'] : QUESTION_KEYS
  const value = document.value as Record<string, unknown>
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key) === wanted))
  const model: Located = { value: pick(false), places: document.places }
  const { name } = value
  const own = typeof name === 'string' ? { name } : {}
  return { experiment: { value: { ...own, ...pick(true), model: model.value }, places: document.places }, model }
}

/** The model itself, from its file if it is named; failure profiles read in, provenance dropped. */
function loadModel(written: Located, readFile: ReadFile, problems: Problem[]): Located | null {
  let model = written
  if (typeof written.value === 'string') {
    const read = readNamedYaml(written, [], written.value, readFile)
    if (!read.ok) {
      problems.push(...read.problems)
      return null
    }
    model = split(read.value).model
    // A model file has no `model` key of its own.
    if (kindOfModel(read.value.value) === null) model = read.value
  }
  if (model.value === undefined) return null
  if (kindOfModel(model.value) !== null) return resolveFailures(withoutSources(model), readFile, problems)
  if (isMapping(model.value)) problems.push(problemAt(model, [], say.notAModel()))
  return null
}

/** `--set run.…` is about the experiment and done at once; all else is about the model. */
function withSets(
  experiment: Located,
  options: ReadOptions,
  problems: Problem[],
): { experiment: Located; modelSets: Edit[] } {
  const edits = (options.sets ?? []).flatMap(({ path, value }) => editFromCommandLine(path, value, problems) ?? [])
  const isRun = (edit: Edit) => edit.path.startsWith('run.')
  const set = edits.filter(isRun).reduce((now, edit) => {
    const path = pathIn(now.value, edit.path)
    if (path === null) problems.push(problemAt(edit.value, [], say.badPath(edit.path)))
    return path === null ? now : assign(now, withInputAsKey(path), edit.value)
  }, experiment)
  return { experiment: seedAsText(set), modelSets: edits.filter((edit) => !isRun(edit)) }
}

/** What is asked of a model: edits of all variants, the variants, and a plan whose targets it must have. */
interface Asked {
  readonly sets: readonly Edit[]
  readonly variants: readonly Variant[]
  readonly plan: LocatedPlan | null
}

/** Uncertain inputs are named with dots, those that are not there yet, too. */
function withInputAsKey(path: readonly string[]): readonly string[] {
  return path[1] === 'uncertain' && path.length > 2 ? ['run', 'uncertain', path.slice(2).join('.')] : path
}

/** Each variant patched and normalised; a problem that all of them have is told once, without their names. */
function normaliseAll(
  model: Located,
  { sets, variants, plan }: Asked,
  readFile: ReadFile,
  problems: Problem[],
): VariantConfig[] {
  const byVariant = new ProblemsByVariant(variants)
  const configs: VariantConfig[] = []
  const products = productsFrom(readFile, problems)
  for (const { id, edits } of variants) {
    const own: Problem[] = []
    const result = patched(model, [...sets, ...edits], readFile, own)
    const kind = kindOfModel(result.value)
    const config =
      kind === null || own.length > 0 ? null : normaliseVariant(id, result, kind, { products, readFile, problems: own })
    if (config !== null && plan !== null) checkTargets(plan, config.model, own)
    if (config !== null) configs.push(config)
    byVariant.add(id, own)
  }
  problems.push(...byVariant.all())
  return configs
}

/** A cluster without any failure process, in a run that waits for failures, would answer 100 %. */
function checkThatThingsFail(configs: readonly VariantConfig[], experiment: Located, problems: Problem[]): void {
  const calm = configs.some(({ document }) => {
    const failures = valueAt(document, ['failures'])
    return valueAt(document, ['nodes']) !== undefined && failures === undefined
  })
  if (calm) problems.push(problemAt(experiment, ['model'], say.nothingFails()))
}

/** `seed: 007` is "007". */
function seedAsText(experiment: Located): Located {
  const path = ['run', 'seed']
  const place = placeOf(experiment, path)
  const seed = valueAt(experiment.value, path)
  if (seed === undefined || typeof seed === 'object' || place?.source === undefined) return experiment
  return assign(experiment, path, { value: place.source, places: new Map([['', place]]) })
}

function baseName(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, '')
}

/** By file, line and column; what has no place comes first, as it is from the command line. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>()
  const unique = problems.filter((problem) => {
    const key = JSON.stringify(problem)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
  const compare = (a: Problem, b: Problem) =>
    (a.file === b.file ? 0 : (a.file ?? '') < (b.file ?? '') ? -1 : 1) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0)
  return unique.sort(compare)
}
