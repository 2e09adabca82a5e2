import type { ExperimentConfig } from '../../experiment/config.ts'
import type { ResultFile } from '../../experiment/result.ts'
import { replicationFailure } from '../../host/crash.ts'
import { EnvironmentFailure, EXIT } from '../../host/failure.ts'
import { packageVersion } from '../../host/files.ts'
import { Interrupt } from '../../host/interrupt.ts'
import { loadExperiments } from '../../host/load-experiment.ts'
import { reportPath, writeResult } from '../../host/result-files.ts'
import { runExperiment } from '../../host/run-experiment.ts'
import { writeErr } from '../../host/terminal.ts'
import type { Arguments, Command } from '../command.ts'
import { RUN_OPTIONS } from '../options.ts'
import { printResults, type Shown } from '../print-result.ts'
import { replayCommand } from '../replay-command.ts'
import { type RunOptions, readRunOptions } from '../run-options.ts'

/** `hasim run`: experiments, from their files to an answer. */
export const runCommand: Command = {
  name: 'run',
  positionals: 'FILE… [options]',
  describe:
    'Runs experiments: a table on standard output, progress on standard error, and result.json, report.html and\n' +
    'report.md in --out. FILE is an experiment, or a model to be looked at as it is.',
  count: { min: 1, max: Number.POSITIVE_INFINITY },
  options: RUN_OPTIONS,
  examples: [
    ['hasim run experiments/3v5.yaml', 'are five control-plane nodes worth it over three?'],
    ['hasim run experiments/3v5.yaml --set etcd.election-timeout=5s', 'the same with other timers'],
    ['hasim run experiments/3v5.yaml --precision 5% --resume', 'go on until it is surer'],
    ['hasim run models/clusters/stacked-3.yaml --format json | jq .verdict', 'for programs'],
  ],
  epilogue:
    'The answer depends on the file, the options that change it and --seed; never on --workers or the machine.\n' +
    'Ctrl-C keeps what is finished, marked partial; --resume goes on from there to the same bytes.',
  run,
}

async function run({ positionals, options }: Arguments): Promise<number> {
  const settings = readRunOptions(positionals, options)
  const interrupt = new Interrupt()
  interrupt.start()
  try {
    return await runFiles(positionals, settings, interrupt)
  } finally {
    interrupt.stop()
  }
}

async function runFiles(files: readonly string[], settings: RunOptions, interrupt: Interrupt): Promise<number> {
  const configs = loadExperiments(files, settings.question)
  const ended: Ended[] = []
  for (const [at, config] of configs.entries()) {
    const one = await runOne(config, files[at]!, settings.directories[at]!, settings, interrupt)
    if (one === null) break
    ended.push(one)
    if (settings.format === 'table') printResults([one], 'table')
    if (interrupt.requested) break
  }
  if (settings.format !== 'table' && ended.length > 0) printResults(ended, settings.format)
  const unwritten = ended.find(({ failure }) => failure !== undefined)
  if (unwritten !== undefined) throw unwritten.failure
  if (interrupt.requested) return EXIT.interrupted
  return settings.failOnSlo && ended.some(({ result }) => missesObjective(result)) ? EXIT.objective : EXIT.done
}

/** A finished run: shown even when it could not be written, for hours may have gone into it. */
interface Ended extends Shown {
  readonly failure: EnvironmentFailure | undefined
}

async function runOne(
  config: ExperimentConfig,
  file: string,
  directory: string,
  { question, workers, resume, quiet }: RunOptions,
  interrupt: Interrupt,
): Promise<Ended | null> {
  const version = packageVersion()
  const end = await runExperiment({ config, file, version, workers, directory, resume, quiet, interrupt })
  switch (end.kind) {
    case 'crash':
      throw replicationFailure(config, end.crash, replayCommand(file, config.seed, question))
    case 'nothing':
      writeErr(`${config.name}: no replication was finished, nothing is kept\n`)
      return null
    case 'result': {
      const failure = await tryToWrite(directory, end.result)
      return { result: end.result, reportPath: failure === undefined ? reportPath(directory) : undefined, failure }
    }
  }
}

async function tryToWrite(directory: string, result: ResultFile): Promise<EnvironmentFailure | undefined> {
  try {
    await writeResult(directory, result)
    return undefined
  } catch (error) {
    if (error instanceof EnvironmentFailure) return error
    throw error
  }
}

function missesObjective(result: ResultFile): boolean {
  return result.variants.some(({ services }) => Object.values(services).some(({ slo }) => slo?.met === false))
}
