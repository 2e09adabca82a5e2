import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { Workspace } from './hasim.ts'

const space = new Workspace()
const bin = fileURLToPath(new URL('../../bin/hasim.js', import.meta.url))
afterAll(() => space.remove())

describe('help', () => {
  it('names every command and teaches with an example', async () => {
    const { code, stdout, stderr } = await space.hasim('--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const { usage } of COMMANDS) expect(stdout).toContain(`hasim ${usage}`)
    expect(stdout).toContain('hasim run experiments/3v5.yaml')
    const codes = stdout.slice(stdout.indexOf('Exit codes:')).replaceAll('\n', ' ')
    for (const told of [0, 1, 2, 3, 4, 5, 6, 7, 130]) expect(codes).toMatch(new RegExp(`[:,] ${told} [a-z]`))
  })

  it.each(COMMANDS.map(({ name }) => name))('of %s tells its options and has an example', async (name) => {
    const { code, stdout } = await space.hasim(name, '--help')
    const command = await COMMANDS.find((entry) => entry.name === name)!.load()
    expect(code).toBe(0)
    for (const option of Object.keys(command.options)) expect(stdout).toContain(`--${option}`)
    expect(command.examples.length).toBeGreaterThan(0)
    for (const [line] of command.examples) expect(stdout).toContain(line)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('is given without a command too, as something is missing', async () => {
    const { code, stdout } = await space.hasim()
    expect(code).toBe(2)
    expect(stdout).toContain('Usage: hasim COMMAND')
  })

  it('prints the version', async () => {
    expect((await space.hasim('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('starts within twice the time of an empty node process', () => {
    const empty = leastCpu(['--eval', ''])
    const help = leastCpu([bin, '--help'])
    expect(help).toBeLessThan(2 * empty)
  })
})

/** Least user and system time of several starts (s). */
function leastCpu(args: readonly string[]): number {
  const script = `TIMEFORMAT='%U %S'; time "${process.execPath}" ${args.map((arg) => `'${arg}'`).join(' ')} > /dev/null`
  const times = Array.from({ length: 7 }, () => {
    const { stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf-8' })
    return stderr
      .trim()
      .split(' ')
      .reduce((sum, part) => sum + Number(part), 0)
  })
  return Math.min(...times)
}
