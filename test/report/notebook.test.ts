import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Notebook {
  readonly nbformat: number
  readonly metadata: { readonly kernelspec: { readonly name: string } }
  readonly cells: readonly {
    readonly cell_type: string
    readonly id: string
    readonly source: readonly string[]
    readonly outputs?: readonly { readonly output_type: string }[]
    readonly execution_count?: number | null
  }[]
}

const folder = new URL('../../notebooks/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'))
const manifest = JSON.parse(readFileSync(new URL('../package.json', folder), 'utf-8'))

describe.each(names)('%s', (name) => {
  const notebook: Notebook = JSON.parse(readFileSync(new URL(name, folder), 'utf-8'))
  const code = notebook.cells.filter((cell) => cell.cell_type === 'code')

  it('is a version 4 notebook for the Deno kernel', () => {
    expect(notebook.nbformat).toBe(4)
    expect(notebook.metadata.kernelspec.name).toBe('deno')
    expect(new Set(notebook.cells.map((cell) => cell.id)).size).toBe(notebook.cells.length)
  })

  it('was run from top to bottom without an error', () => {
    expect(code.map((cell) => cell.execution_count)).toEqual(code.map((_, index) => index + 1))
    const outputs = code.flatMap((cell) => cell.outputs ?? [])
    expect(outputs.length).toBeGreaterThan(0)
    expect(outputs.filter((output) => output.output_type === 'error')).toEqual([])
  })

  it('imports only what the package exports or depends on', () => {
    const text = code.map((cell) => cell.source.join('')).join('\n')
    const imports = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '')
    const known = [
      ...Object.keys(manifest.exports).map((door) => `hasim${door.slice(1)}`),
      ...Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
    ]
    expect(imports.length).toBeGreaterThan(0)
    expect(imports.filter((from) => !from.startsWith('node:') && !known.includes(from))).toEqual([])
  })
})
