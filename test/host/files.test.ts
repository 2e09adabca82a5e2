import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { EnvironmentFailure } from '../../src/host/failure.ts'
import { prepareDirectory, readTextFile, writeFileAtomically } from '../../src/host/files.ts'

const directory = mkdtempSync(join(tmpdir(), 'hasim-files-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

function refusal(path: string): string {
  const read = readTextFile(path)
  if (read.ok) throw new Error('was read')
  expect(read.problems).toHaveLength(1)
  expect(read.problems[0]!.file).toBe(path)
  return read.problems[0]!.message
}

describe('reading a file of the user', () => {
  it('gives its text, without a byte order mark', () => {
    expect(readTextFile(file('plain.yaml', 'a: ä\n'))).toEqual({ ok: true, value: 'a: ä\n' })
    expect(readTextFile(file('bom.yaml', '\uFEFFa: 1'))).toEqual({ ok: true, value: 'a: 1' })
  })

  it('refuses what is not a text, each with its own words', () => {
    expect(refusal(directory)).toBe('is a directory, a file is wanted')
    expect(refusal(join(directory, 'nothing'))).toBe('no such file')
    expect(refusal(join(file('leaf', 'x'), 'below'))).toBe('no such file')
    expect(refusal(file('empty', ''))).toBe('is empty')
    expect(refusal(file('blank', ' \n\n'))).toBe('is empty')
    expect(refusal(file('binary', new Uint8Array([65, 66, 0, 67])))).toMatch(/^is not text: a zero byte at offset 2/)
    expect(refusal(file('latin', new Uint8Array([65, 0xe4, 66])))).toMatch(/^is not text: not valid UTF-8/)
  })

  it('refuses a large file without reading it', () => {
    const path = file('large', '')
    truncateSync(path, 8_000_000_000)
    expect(refusal(path)).toBe('is too large (8000 MB), at most 10 MB are read')
  })

  it('stops at the limit where a size is not told', () => {
    const read = readTextFile('/dev/zero')
    expect(read.ok ? '' : read.problems[0]!.message).toBe('is too large (over 10 MB), at most 10 MB are read')
  })
})

describe('writing a file', () => {
  it('makes the directories and leaves nothing but the file', () => {
    const path = join(directory, 'new', 'deep', 'result.json')
    writeFileAtomically(path, 'one')
    writeFileAtomically(path, 'two')
    expect(readFileSync(path, 'utf-8')).toBe('two')
    expect(readdirSync(join(directory, 'new', 'deep'))).toEqual(['result.json'])
  })

  it('names the path and the reason when the machine does not let us', () => {
    const below = join(file('a-file', 'x'), 'result.json')
    expect(() => writeFileAtomically(below, 'x')).toThrow(EnvironmentFailure)
    expect(() => writeFileAtomically(below, 'x')).toThrow(/^.*result\.json: cannot be written: .*\((ENOTDIR|EEXIST)\)$/)
    expect(() => prepareDirectory(join(directory, 'a-file'))).toThrow(/a-file: cannot be written to: there is a file/)
  })

  it.runIf(existsSync('/proc'))('gives up where no new names can be made', () => {
    for (const path of ['/proc/new', '/proc/new/deep']) {
      expect(() => prepareDirectory(path)).toThrow(/^\/proc\/new.*: cannot be written to: .*\(ENOENT\)$/)
    }
  })

  it('keeps the old file when the new one cannot take its place', () => {
    const path = join(directory, 'taken')
    mkdirSync(join(path, 'inside'), { recursive: true })
    expect(() => writeFileAtomically(path, 'x')).toThrow(EnvironmentFailure)
    expect(readdirSync(path)).toEqual(['inside'])
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})
