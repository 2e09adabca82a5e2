import { escapeHtml } from './escape.ts'
import { STYLE, THEME_SCRIPT } from './html-style.ts'

/** A page may load nothing from anywhere: its style, its one small script and its drawings are inside. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** A whole page around articles. */
export function htmlPage(page: {
  readonly title: string
  readonly hasim: string
  readonly body: readonly string[]
  readonly footer: string
}): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="generator" content="hasim ${escapeHtml(page.hasim)}">`,
    `<title>${escapeHtml(page.title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<button id="theme" type="button" hidden>Dark</button>',
    '<main>',
    ...page.body,
    `<footer>${escapeHtml(page.footer)}</footer>`,
    '</main>',
    `<script>${THEME_SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

export function section(title: string, body: string): string {
  return body === '' ? '' : `<section><h2>${escapeHtml(title)}</h2>${body}</section>`
}

export function folded(summary: string, body: string): string {
  return `<details class="numbers"><summary>${escapeHtml(summary)}</summary>${body}</details>`
}
