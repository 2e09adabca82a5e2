// Writes docs/validation/: a page for each table of part systems, its cases as `hasim validate` computes them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { PAGES, pageOf } from './validation-pages.ts'

const folder = new URL('../docs/validation/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const { table } of PAGES) writeFileSync(new URL(`${table.toLowerCase()}.md`, folder), await pageOf(table))
