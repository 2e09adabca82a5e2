import type { ClusterConfig } from '../../cluster/config.ts'
import { EXPORTERS } from '../../configs/index.ts'
import { randomFrom } from '../../engine/random.ts'
import type { TraceEntry } from '../../engine/trace.ts'
import type { ExperimentConfig, ModelConfig } from '../../experiment/config.ts'
import { planOfOutage } from '../../experiment/outage-plan.ts'
import { readPlan } from '../../experiment/plan.ts'
import { type FaultPlan, labelOf } from '../../faults/plan.ts'
import { randomPlan } from '../../faults/random-plan.ts'
import { planOfScenario, SCENARIOS } from '../../faults/scenarios.ts'
import { writePlan } from '../../faults/write-plan.ts'
import { EXIT, InputFailure, inputFailure } from '../../host/failure.ts'
import { readTextFile, writeFileAtomically } from '../../host/files.ts'
import { loadExperiments } from '../../host/load-experiment.ts'
import { writeErr, writeOut } from '../../host/terminal.ts'
import { traceReplication, worstOutages } from '../../host/trace-replication.ts'
import type { Arguments } from '../command.ts'
import { OptionReader } from '../options.ts'
import { readQuestion } from '../run-options.ts'
import { didYouMean } from '../suggest.ts'
import { outageAt, readPlace } from '../trace-place.ts'

interface Written {
  readonly plan: FaultPlan
  readonly description: string | null
  readonly cluster: ClusterConfig
}

/** Writes a plan, or exports one. @returns the exit code */
export async function run({ positionals, options }: Arguments): Promise<number> {
  const reader = new OptionReader(options)
  if (reader.flag('list')) {
    reader.onlyBeside('list', [])
    reader.finish()
    if (positionals[0] !== undefined)
      throw inputFailure(positionals[0], 'does nothing beside --list, which stands alone')
    const width = Math.max(...SCENARIOS.map(({ name }) => name.length)) + 2
    writeOut(SCENARIOS.map(({ name, description }) => `${name.padEnd(width)}${description}\n`).join(''))
    return EXIT.done
  }
  const [file] = positionals
  if (file === undefined) throw inputFailure('FILE', 'is missing: an experiment, a model, or a plan')
  const written = write(file, reader)
  const form = reader.text('as')
  const out = reader.text('out')
  reader.finish()
  const { text, lost } =
    form === null
      ? { text: writePlan(written.plan, written.description), lost: [] }
      : EXPORTERS[form]!(written.plan, written.cluster)
  for (const sentence of lost) writeErr(`not in the export: ${sentence}\n`)
  if (out === null) writeOut(text)
  else writeFileAtomically(out, text)
  return EXIT.done
}

function write(file: string, reader: OptionReader): Written {
  const [outage, scenario, model] = [reader.text('outage'), reader.text('scenario'), reader.text('model')]
  const ways = [
    outage !== null ? '--outage' : '',
    scenario !== null ? '--scenario' : '',
    model !== null ? '--model' : '',
  ].filter((way) => way !== '')
  if (ways.length > 1) throw inputFailure(ways[1]!, `${ways.join(' and ')} cannot stand together`)
  if (model !== null) return ofFile(file, model, reader)
  const question = readQuestion(reader)
  const shorten = reader.duration('shorten')
  if (scenario !== null) reader.onlyBeside('scenario', ['variant', 'set', 'as', 'out'])
  else if (shorten !== null && outage === null) reader.refuse('shorten', 'is for --outage')
  const variant = outage === null ? reader.text('variant') : null
  reader.finish()
  const experiment = loadExperiments([file], question)[0]!
  if (outage !== null) return ofOutage(experiment, reader, shorten)
  const { cluster } = modelOf(experiment, variant)
  if (scenario !== null) return ofScenario(scenario, cluster)
  const seed = reader.text('seed')
  if (seed === null)
    throw inputFailure(
      'plan',
      'say what it is to be: --outage ID, --scenario NAME (--list shows them), or --seed S for a random one',
    )
  const plan = randomPlan(`random-${seed}`.replace(/[^\w.-]+/g, '-'), cluster, randomFrom(`${seed}/plan`))
  return { plan, description: `A random plan for ${cluster.name}, seed ${seed}`, cluster }
}

function ofFile(file: string, model: string, reader: OptionReader): Written {
  const question = readQuestion(reader)
  const variant = reader.text('variant')
  reader.onlyBeside('model', ['variant', 'set', 'as', 'out'])
  reader.finish()
  const config = modelOf(loadExperiments([model], question)[0]!, variant)
  const text = readTextFile(file)
  const read = text.ok ? readPlan(file, text.value, config) : text
  if (!read.ok) throw new InputFailure(read.problems)
  return { plan: read.value, description: null, cluster: config.cluster }
}

function modelOf({ variants }: ExperimentConfig, wanted: string | null): ModelConfig & { readonly kind: 'cluster' } {
  const ids = variants.map(({ id }) => id)
  const found = wanted === null ? variants[0]! : variants.find(({ id }) => id === wanted)
  if (found === undefined)
    throw inputFailure(
      '--variant',
      `there is no variant ${wanted}${didYouMean(wanted!, ids)}; there are: ${ids.join(', ')}`,
    )
  if (found.model.kind !== 'cluster')
    throw inputFailure('FILE', 'is a part model: fault plans of this kind need a cluster')
  return found.model
}

function ofScenario(name: string, cluster: ClusterConfig): Written {
  const names = SCENARIOS.map((one) => one.name)
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (scenario === undefined)
    throw inputFailure(
      '--scenario',
      `there is no scenario ${name}${didYouMean(name, names)}; there are: ${names.join(', ')}`,
    )
  const plan = planOfScenario(scenario, cluster)
  if (plan === null)
    throw inputFailure('--scenario', `${name} cannot happen to ${cluster.name}: ${scenario.description}`)
  return { plan, description: scenario.description, cluster }
}

function ofOutage(experiment: ExperimentConfig, reader: OptionReader, shorten: number | null): Written {
  const place = readPlace(experiment, reader)
  const { variantIndex, replication } = place
  const told = outageAt(experiment, place, worstOutages(experiment, variantIndex, replication))
  const { cluster } = modelOf(experiment, experiment.variants[variantIndex]!.id)
  const entries: TraceEntry[] = []
  const { fromMs, ms: lasted } = told.outage
  // What came of it belongs to it: repairs that follow its end say how long each fault lasts.
  const window = { fromMs: Number.MIN_SAFE_INTEGER / 1024, toMs: Number.MAX_SAFE_INTEGER / 1024 }
  traceReplication(experiment, variantIndex, replication, window, (entry) => {
    if (/^(failed|repaired)/.test(entry.what)) entries.push(entry)
  })
  const plan = planOfOutage(
    `outage-${told.id.replace(/[^\w-]+/g, '-')}`,
    cluster,
    entries,
    { fromMs, ms: lasted },
    shorten,
  )
  if (plan.actions.length === 0)
    throw inputFailure('--outage', `${told.id}: nothing was down that a plan could take down`)
  const description = `What was down in ${told.id} of ${experiment.name}: no ${told.service} for ${Math.round(lasted / 1000)} s, ${plan.actions.map(labelOf).join(', ')}`
  return { plan, description, cluster }
}
