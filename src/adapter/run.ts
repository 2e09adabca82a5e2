import { ExecaError, execa } from 'execa'
import { Missing, Refusal } from './refusal.ts'

export interface Ran {
  readonly stdout: string
}

/** A command that does not end within this is taken for stuck (ms). */
const LIMIT = 30_000

/**
 * Runs a command to its end.
 * @throws Missing when there is no such program, Refusal when it fails, with what it said
 */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly input?: string; readonly limit?: number } = {},
): Promise<Ran> {
  try {
    const { stdout } = await execa(program, args, {
      timeout: options.limit ?? LIMIT,
      ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    })
    return { stdout }
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
    if (error.code === 'ENOENT') throw new Missing(`${program}: there is no such program on the PATH`)
    const said = String(error.stderr ?? '').trim() || error.shortMessage
    throw new Refusal(`${[program, ...args].join(' ')}: ${said}`)
  }
}
