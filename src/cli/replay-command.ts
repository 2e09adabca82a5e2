import { shellWord } from '../base/shell-word.ts'
import type { QuestionOptions } from '../host/load-experiment.ts'

/** `hasim trace FILE` with every option that changes what happens in a replication. */
export function replayCommand(file: string, seed: string, { sets, overrides }: QuestionOptions): string {
  return [
    'hasim trace',
    shellWord(file),
    // The seed stands below, whoever said it.
    ...sets
      .filter(({ path }) => path !== 'run.seed')
      .map(({ path, value }) => `--set ${shellWord(`${path}=${value}`)}`),
    `--seed ${shellWord(seed)}`,
    ...(overrides.skip === false ? ['--no-skip'] : []),
  ].join(' ')
}
