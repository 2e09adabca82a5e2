import type { Problem } from '../../base/result.ts'
import type { ExperimentConfig } from '../../experiment/config.ts'
import type { ResultFile } from '../../experiment/result.ts'
import { replicationFailure } from '../../host/crash.ts'
import { EnvironmentFailure, EXIT, InputFailure } from '../../host/failure.ts'
import { packageVersion } from '../../host/files.ts'
import { Interrupt } from '../../host/interrupt.ts'
import { loadExperiments } from '../../host/load-experiment.ts'
import { reportPath, writeResult } from '../../host/result-files.ts'
import { runToEnd } from '../../host/run-to-end.ts'
import { writeErr } from '../../host/terminal.ts'
import type { Arguments } from '../command.ts'
import { sayIdleOptions } from '../idle-options.ts'
import { OptionReader } from '../options.ts'
import { printResults, type Shown } from '../print-result.ts'
import { replayCommand } from '../replay-command.ts'
import { type RunOptions, readRunOptions } from '../run-options.ts'

/** Runs every file, shows and writes what came of it. @returns the exit code */
export async function run({ positionals, options }: Arguments): Promise<number> {
  const reader = new OptionReader(options)
  const settings = readRunOptions(positionals, reader)
  const interrupt = new Interrupt()
  interrupt.start()
  try {
    return await runFiles(positionals, settings, reader, interrupt)
  } finally {
    interrupt.stop()
  }
}

async function runFiles(
  files: readonly string[],
  settings: RunOptions,
  reader: OptionReader,
  interrupt: Interrupt,
): Promise<number> {
  const configs = loadExperiments(files, settings.question)
  if (settings.failOnSlo) refuseWithoutObjective(files, configs)
  for (const config of configs) sayIdleOptions(config, reader)
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
  const end = await runToEnd({ config, file, version, workers, directory, resume, quiet, interrupt })
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

/** A pipeline whose experiment has lost its objective would pass for ever. */
function refuseWithoutObjective(files: readonly string[], configs: readonly ExperimentConfig[]): void {
  const problems = configs.flatMap(({ services }, i): Problem[] => {
    if (services.some(({ slo }) => slo !== null)) return []
    const message = `is missing: --fail-on-slo has no objective to hold the answer to, such as slo: { ${services[0]!.name}: 99.95% }`
    return [{ file: files[i], path: 'slo', message }]
  })
  if (problems.length > 0) throw new InputFailure(problems)
}

function missesObjective(result: ResultFile): boolean {
  return result.variants.some(({ services }) => Object.values(services).some(({ slo }) => slo?.met === false))
}
