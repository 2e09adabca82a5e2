import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './built.ts'

const folder = mkdtempSync(join(tmpdir(), 'hasim-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** What compilers and linkers say of a header or a library that is not there. */
const ABSENT = /No such file|not found|cannot find -l|unable to find library/

/** Compiles a source beside this file; undefined, and said aloud, where there is no g++ or no such library. */
export function compiled(source: string, library?: string): ((...args: (string | number)[]) => number) | undefined {
  const program = join(folder, source.replace('.cpp', ''))
  const args = ['-O2', '-std=c++17', '-o', program, join(root, 'test/bench', source)]
  if (library !== undefined) args.push(`-l${library}`)
  const made = spawnSync('g++', args, { encoding: 'utf-8', env: { ...process.env, LC_ALL: 'C' } })
  if (made.error !== undefined) {
    console.warn(`SKIPPED: ${source} needs g++ (${made.error.message})`)
    return undefined
  }
  if (made.status !== 0) {
    if (library === undefined || !ABSENT.test(made.stderr)) throw new Error(made.stderr)
    console.warn(`SKIPPED: ${source} needs the headers and the library of ${library} (Debian: lib${library}-dev)`)
    return undefined
  }
  return (...args) => Number(execFileSync(program, args.map(String), { encoding: 'utf-8' }))
}
