/**
 * Text as a terminal shows it: widths, cuts and breaks count columns, not characters. Of our own: the usual library's
 * regular expression of all emoji costs every start more than the table does (see `scripts/bundle.mjs`).
 */

const ESCAPE_CODES = /\p{Cc}\[[0-9;]*m/gu
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu
const COMBINING = /\p{Mn}|\u200d|\ufe0f/gu

/** Columns a text takes: escape codes and combining marks none, East Asian wide characters two. */
export function visibleWidth(text: string): number {
  const shown = text.replace(ESCAPE_CODES, '').replace(COMBINING, '')
  return [...shown].length + (shown.match(WIDE)?.length ?? 0)
}

/** User text without control characters: a name must not be able to move a terminal's cursor. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

/** At most `width` columns: the middle is left out, since names tend to differ at their ends. */
export function shorten(text: string, width: number): string {
  if (visibleWidth(text) <= width) return text
  const characters = [...text]
  const tail: string[] = []
  const head: string[] = []
  while (visibleWidth(tail.join('')) < Math.floor((width - 1) / 2) - 1) tail.unshift(characters.pop() ?? '')
  while (visibleWidth(head.join('') + (characters[0] ?? '')) <= width - 1 - visibleWidth(tail.join(''))) {
    head.push(characters.shift() ?? '')
    if (characters.length === 0) break
  }
  return `${head.join('')}…${tail.join('')}`
}

// A number and its unit stay together, and so do a number's thousands.
const BREAKS = / (?!(?:%|×|y|d|h|m|s|ms)(?!\p{L})|(?<=\d )\d{3}(?!\d))/u

/** Lines of at most `width` columns, broken between words; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(BREAKS)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && visibleWidth(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return line === '' ? lines : [...lines, line]
}

/** As {@link wrap}, with the lines after the first set in. */
export function hang(text: string, width: number, indent: number): string[] {
  const [first = '', ...rest] = wrap(text, width)
  const others = rest.length === 0 ? [] : wrap(rest.join(' '), width - indent)
  return [first, ...others.map((line) => ' '.repeat(indent) + line)]
}

/** Prose whose numbers stay with their units, by spaces that do not break. */
export function bindUnits(text: string): string {
  return text
    .split(BREAKS)
    .map((word) => word.replaceAll(' ', '\u00a0'))
    .join(' ')
}
