/** One command of a data-driven file, with the output it should have. */
export interface Directive {
  /** 1-based line of the command. */
  readonly line: number
  readonly command: string
  readonly args: readonly Arg[]
  /** Lines between the command and the dashes. */
  readonly input: readonly string[]
  readonly expected: string
}

/** `key`, `key=value` or `key=(value, value)`. */
export interface Arg {
  readonly key: string
  readonly values: readonly string[]
}

/** Reads a file in the grammar of cockroachdb/datadriven: comments, commands, `----`, output up to a blank line. */
export function parseDirectives(text: string): Directive[] {
  const lines = text.split('\n').map((line) => line.replace(/\s+$/, ''))
  const directives: Directive[] = []
  let at = 0
  while (at < lines.length) {
    if (lines[at] === '' || lines[at]!.startsWith('#')) {
      at++
      continue
    }
    const line = at + 1
    let head = lines[at++]!
    while (head.endsWith('\\') && at < lines.length) head = `${head.slice(0, -1)} ${lines[at++]!.trim()}`
    const input: string[] = []
    while (at < lines.length && lines[at] !== '----') input.push(lines[at++]!)
    at++
    const block = readOutput(lines, at)
    at = block.next
    directives.push({ line, ...parseCommand(head), input, expected: block.output.join('\n') })
  }
  return directives
}

/** Output ends at a blank line, or, when it opens with a second line of dashes, at two further ones. */
function readOutput(lines: readonly string[], from: number): { output: string[]; next: number } {
  const output: string[] = []
  let at = from
  if (lines[at] === '----') {
    at++
    while (at < lines.length && !(lines[at] === '----' && lines[at + 1] === '----')) output.push(lines[at++]!)
    return { output, next: at + 2 }
  }
  while (at < lines.length && lines[at] !== '') output.push(lines[at++]!)
  return { output, next: at }
}

/** Splits a command line into its name and arguments. */
export function parseCommand(line: string): { command: string; args: Arg[] } {
  const words = line.match(/[^\s=]+=\([^)]*\)|\S+/g) ?? []
  const args = words.slice(1).map((word): Arg => {
    const equals = word.indexOf('=')
    if (equals < 0) return { key: word, values: [] }
    const value = word.slice(equals + 1)
    const key = word.slice(0, equals)
    if (!value.startsWith('(')) return { key, values: [value] }
    const inner = value.slice(1, -1).trim()
    return { key, values: inner === '' ? [] : inner.split(/\s*,\s*|\s+/) }
  })
  return { command: words[0] ?? '', args }
}
