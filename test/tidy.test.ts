import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The layers of ARCHITECTURE.md: a file imports its own folder and folders of smaller rows, types included. */
const ROWS: { readonly [folder: string]: number } = Object.fromEntries(
  [...readFileSync(join(root, 'ARCHITECTURE.md'), 'utf-8').matchAll(/^\| (\d) \| `src\/(\w+)\/` \|/gm)].map(
    ([, row, folder]) => [folder, Number(row)],
  ),
)
/** Up to this row the same code runs in a browser: one replication is one synchronous, reproducible call. */
const LAST_PURE_ROW = 6

/** Where a library may be imported; the others may be imported anywhere. */
const LIBRARY_HOMES: { readonly [library: string]: readonly string[] } = {
  seedrandom: ['engine'],
  yaml: ['document'],
  'd3-dsv': ['document'],
  immer: ['experiment'],
  'fast-check': ['check'],
  vega: ['report'],
  'vega-lite': ['report'],
  highs: ['validate'],
  piscina: ['host'],
  'cli-progress': ['host'],
  yargs: ['cli'],
}

/** Whatever depends on the wall clock, on ambient chance or on a runtime, by the name it is used under. */
const IMPURE =
  /\b(Date|Math\.random|setTimeout|setInterval|setImmediate|queueMicrotask|performance\.now|process\.(env|argv|exit|hrtime|nextTick|stdout|stderr|cpuUsage|memoryUsage)|Buffer|console|async|await|Promise)\b/

const BANNED_WORDS = new RegExp(
  // In pieces, so that this file does not find itself.
  ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X:', '/wo' + 'rk/', '/tm' + 'p/', '/ro' + 'ot/', '/ho' + 'me/[a-z]'].join('|'),
)

interface Source {
  /** Relative to the package, with forward slashes. */
  readonly path: string
  readonly text: string
  /** The text without comments. */
  readonly code: string
  /** The code with the contents of plain strings blanked. */
  readonly words: string
}

describe('the house', () => {
  const sources = filesBelow('src', /\.ts$/).map(readSource)

  it('has a layer for each folder, and no other', () => {
    const folders = new Set(sources.map(({ path }) => path.split('/')[1]!).filter((name) => !name.endsWith('.ts')))
    expect(Object.keys(ROWS).sort()).toEqual([...folders].sort())
  })

  it('keeps its layers', () => {
    expect(sources.flatMap(layerBreaks)).toEqual([])
  })

  it('imports each library only where it lives', () => {
    expect(sources.flatMap(strayLibraries)).toEqual([])
  })

  it('runs in a browser up to row 6: no runtime, no clock, no ambient chance, nothing asynchronous', () => {
    expect(sources.filter((source) => rowOf(source.path) <= LAST_PURE_ROW).flatMap(impurities)).toEqual([])
  })

  it('has no default exports', () => {
    const found = sources.filter(({ words }) => /\bexport\s+default\b|\bas\s+default\b/.test(words))
    expect(found.map(({ path }) => path)).toEqual([])
  })

  it('has no file over 400 lines', () => {
    const lines = (text: string) => text.split('\n').length - 1
    expect(sources.filter(({ text }) => lines(text) > 400).map(({ path, text }) => `${path}: ${lines(text)}`)).toEqual(
      [],
    )
  })

  it('has Biome refuse functions over 70 lines', () => {
    const rules = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf-8')).linter.rules
    expect(rules.complexity.noExcessiveLinesPerFunction).toEqual({ level: 'error', options: { maxLines: 70 } })
  })

  it('has no dead files', () => {
    expect(deadFiles(sources)).toEqual([])
  })

  it('leaves no notes to itself and names no machine', () => {
    const everywhere = ['src', 'test', 'scripts', 'bin', 'models', 'experiments', 'notebooks', '.ci']
    const texts = everywhere.flatMap((folder) => filesBelow(folder, /\.(ts|mjs|js|yaml|json|md|ipynb|txt|csv)$|\/run$/))
    const documents = readdirSync(root).filter((name) => /\.(md|ts|json)$/.test(name) && name !== 'package-lock.json')
    expect([...texts, ...documents].flatMap(bannedWords)).toEqual([])
  })
})

describe('the checks of the house', () => {
  const source = (path: string, text: string): Source => ({ path, ...strip(text), text })

  it.each([
    ["import { x } from '../cluster/config.ts'", 'src/engine/a.ts'],
    ["import type { X } from '../host/files.ts'", 'src/experiment/a.ts'],
    ["export type { X } from '../raft/node.ts'", 'src/engine/a.ts'],
    ["const x = await import('../cli/main.ts')", 'src/host/a.ts'],
    ["import { x } from '../etcd/member.ts'", 'src/components/client/a.ts'],
    ["import { x } from '../index.ts'", 'src/host/a.ts'],
  ])('see a broken layer: %s in %s', (text, path) => {
    expect(layerBreaks(source(path, text))).toHaveLength(1)
  })

  it.each([
    ["import { x } from '../base/units.ts'", 'src/engine/a.ts'],
    ["import { x } from './member.ts'", 'src/components/etcd/a.ts'],
    ["import { x } from '../../protocol/etcd.ts'", 'src/components/etcd/a.ts'],
    ["// import { x } from '../cli/main.ts'", 'src/base/a.ts'],
  ])('let pass: %s in %s', (text, path) => {
    expect(layerBreaks(source(path, text))).toEqual([])
  })

  it('see impurity in code, not in comments and strings', () => {
    expect(impurities(source('src/raft/a.ts', 'const t = Date.now()'))).toHaveLength(1)
    expect(impurities(source('src/raft/a.ts', "import { x } from 'node:fs'"))).toHaveLength(1)
    expect(impurities(source('src/raft/a.ts', "// no Date\nconst x = 'await'"))).toEqual([])
  })

  it('see a dead file, and follow dynamic imports and worker addresses', () => {
    const used = ["import('./b.ts')", "new URL('./b.ts', import.meta.url)", "import './b.ts'"]
    for (const text of used) {
      expect(deadFiles([source('src/cli/main.ts', text), source('src/cli/b.ts', '')])).toEqual([])
    }
    expect(deadFiles([source('src/cli/main.ts', ''), source('src/cli/b.ts', '')])).toEqual(['src/cli/b.ts'])
  })

  it('see a stray library', () => {
    expect(strayLibraries(source('src/host/a.ts', "import yargs from 'yargs/helpers'"))).toHaveLength(1)
    expect(strayLibraries(source('src/cli/a.ts', "import yargs from 'yargs'"))).toEqual([])
  })
})

function filesBelow(folder: string, name: RegExp): string[] {
  const path = join(root, folder)
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => name.test(file))
    .sort()
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf-8')
  return { path, text, ...strip(text) }
}

function strip(text: string): { code: string; words: string } {
  const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g
  const isComment = (token: string) => token.startsWith('/')
  return {
    code: text.replace(tokens, (token) => (isComment(token) ? '' : token)),
    words: text.replace(tokens, (token) => (isComment(token) ? '' : "''")),
  }
}

/** What a file imports, statically, dynamically, or as the address of a worker. */
function importsOf({ code }: Source): string[] {
  const forms =
    /\bfrom\s*'([^']+)'|\bimport\s*'([^']+)'|\bimport\(\s*'([^']+)'|new URL\(\s*'(\.[^']+)',\s*import\.meta\.url/g
  return [...code.matchAll(forms)].map((match) => match.slice(1).find((group) => group !== undefined)!)
}

/** `engine`, or `components/etcd`: each component is a folder of its own. */
function folderOf(path: string): string {
  const [, first = '', second = ''] = path.split('/')
  return first === 'components' ? `${first}/${second}` : first
}

function rowOf(path: string): number {
  const name = path.split('/')[1] ?? ''
  // Files directly in src/ are doors to the outside: they see all, nobody inside sees them.
  return name.endsWith('.ts') ? 10 : (ROWS[name] ?? Number.NaN)
}

function target(source: Source, specifier: string): string {
  return normalize(join(dirname(source.path), specifier)).replaceAll('\\', '/')
}

function layerBreaks(source: Source): string[] {
  if (Number.isNaN(rowOf(source.path))) return [`${source.path}: its folder is not in the layer table`]
  const isBreak = (imported: string) =>
    folderOf(imported) !== folderOf(source.path) && !(rowOf(imported) < rowOf(source.path))
  return importsOf(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => target(source, specifier))
    .filter((imported) => imported.startsWith('src/') && isBreak(imported))
    .map((imported) => `${source.path} imports ${imported}`)
}

function strayLibraries(source: Source): string[] {
  return importsOf(source)
    .filter((specifier) => !specifier.startsWith('.'))
    .map((specifier) => specifier.split('/')[0]!)
    .filter((library) => LIBRARY_HOMES[library]?.includes(source.path.split('/')[1]!) === false)
    .map((library) => `${source.path} imports ${library}`)
}

function impurities(source: Source): string[] {
  const runtime = importsOf(source).filter((specifier) => specifier.startsWith('node:'))
  const names = source.words.split('\n').flatMap((line) => IMPURE.exec(line)?.[0] ?? [])
  return [...runtime, ...names].map((name) => `${source.path}: ${name}`)
}

function deadFiles(sources: readonly Source[]): string[] {
  const imported = new Set(sources.flatMap((source) => importsOf(source).map((specifier) => target(source, specifier))))
  const doors = [join(root, 'package.json'), join(root, 'bin/hasim.js')]
    .map((path) => readFileSync(path, 'utf-8'))
    .join('\n')
  const isDoor = (path: string) => doors.includes(path.replace(/^src/, 'dist').replace(/\.ts$/, '.js'))
  return sources.map(({ path }) => path).filter((path) => !imported.has(path) && !isDoor(path))
}

function bannedWords(path: string): string[] {
  const lines = readFileSync(join(root, path), 'utf-8').split('\n')
  return lines.flatMap((line, index) => {
    const found = BANNED_WORDS.exec(line)
    return found === null ? [] : [`${path}:${index + 1}: ${found[0]}`]
  })
}
