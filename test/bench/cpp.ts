import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './built.ts'

const folder = mkdtempSync(join(tmpdir(), 'hasim-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Compiles a source beside this file; undefined, and said aloud, where there is no g++. */
export function compiled(source: string): ((...args: (string | number)[]) => number) | undefined {
  const program = join(folder, source.replace('.cpp', ''))
  const made = spawnSync('g++', ['-O2', '-std=c++17', '-o', program, join(root, 'test/bench', source)], {
    encoding: 'utf-8',
  })
  if (made.error !== undefined) {
    console.warn(`SKIPPED: ${source} needs g++ (${made.error.message})`)
    return undefined
  }
  if (made.status !== 0) throw new Error(made.stderr)
  return (...args) => Number(execFileSync(program, args.map(String), { encoding: 'utf-8' }))
}
