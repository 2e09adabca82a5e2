import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { expectNoStack, Workspace } from './hasim.ts'

const space = new Workspace()
const bin = fileURLToPath(new URL('../../bin/hasim.js', import.meta.url))
afterAll(() => space.remove())

/** A directory on a tiny disk of its own, or null where this user may not mount one. */
function mountTiny(name: string, options: string): string | null {
  const path = join(space.path, name)
  mkdirSync(path)
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path])
  return mount.status === 0 ? path : null
}

const canMount = (() => {
  const path = mountTiny('probe', 'size=16k')
  if (path !== null) execFileSync('umount', [path])
  return path !== null
})()
if (!canMount) console.warn('full and read-only disks are not tested: this user may not mount any')

describe('where results cannot be written', () => {
  it('--out below a file, and --out that is a file', async () => {
    const below = await space.hasim('run', 'parts.yaml', '--out', 'parts.yaml/below')
    expect(below.code).toBe(7)
    expect(below.stderr).toMatch(/^parts\.yaml\/below: cannot be written to: .*a file, not a directory \(ENOTDIR\)\n$/)
    const file = await space.hasim('run', 'parts.yaml', '--out', 'parts.yaml')
    expect(file.code).toBe(7)
    expect(file.stderr).toMatch(/^parts\.yaml: cannot be written to: there is a file of this name/)
  })

  it.skipIf(!canMount)('a read-only --out is noticed before the work', async () => {
    const path = mountTiny('read-only', 'size=16k,ro')!
    try {
      const { code, stdout, stderr } = await space.hasim('run', 'parts.yaml', '--out', path)
      expect({ code, stdout }).toEqual({ code: 7, stdout: '' })
      expect(stderr).toBe(`${path}: cannot be written to: the file system is read-only (EROFS)\n`)
    } finally {
      execFileSync('umount', [path])
    }
  })

  it.skipIf(!canMount)('a full disk costs the files, not the answer, and leaves no half of one', async () => {
    const path = mountTiny('full', 'size=20k')!
    try {
      const { code, stdout, stderr } = await space.hasim('run', 'parts.yaml', '--out', path)
      expect(code).toBe(7)
      expect(stdout).toContain('Are five servers worth it over three?')
      expect(stdout).not.toContain('report:')
      expect(stderr).toMatch(/: cannot be written: no space left on the disk \(ENOSPC\)$/m)
      expect(readdirSync(path).filter((name) => name.endsWith('.tmp'))).toEqual([])
    } finally {
      execFileSync('umount', [path])
    }
  })
})

describe('standard output', () => {
  it('may be closed by its reader: no noise, and the results are written', () => {
    for (const command of ['run parts.yaml --out piped', 'trace parts.yaml --variant five']) {
      const shell = `set -o pipefail; "${process.execPath}" "${bin}" ${command} | true`
      const { status, stderr } = spawnSync('bash', ['-c', shell], { cwd: space.path, encoding: 'utf-8' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    }
    expect(readdirSync(join(space.path, 'piped'))).toContain('result.json')
  })

  it('may be full: exit 7', () => {
    const shell = `"${process.execPath}" "${bin}" run parts.yaml --out devfull > /dev/full`
    const ended = spawnSync('bash', ['-c', shell], { cwd: space.path, encoding: 'utf-8' })
    expectNoStack({ code: ended.status, signal: null, stdout: ended.stdout, stderr: ended.stderr })
    expect(ended.status).toBe(7)
    expect(ended.stderr).toContain('standard output: cannot be written: no space left on the disk')
  })
})
