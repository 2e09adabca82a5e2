/** A plain value as block YAML, for reading: nested records and lists by indentation, short lists of scalars on one line. */
export function outline(value: unknown): string {
  return `${block(value, 0).join('\n')}\n`
}

function block(value: unknown, depth: number): string[] {
  const pad = '  '.repeat(depth)
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      if (inline(item) !== undefined) return [`${pad}- ${inline(item)}`]
      const [first = '', ...rest] = block(item, depth + 1)
      return [`${pad}- ${first.trimStart()}`, ...rest]
    })
  }
  if (typeof value !== 'object' || value === null) return [pad + scalar(value)]
  return Object.entries(value).flatMap(([key, item]) => {
    const short = inline(item)
    return short === undefined ? [`${pad}${text(key)}:`, ...block(item, depth + 1)] : [`${pad}${text(key)}: ${short}`]
  })
}

/** What fits on one line: scalars, empty collections, short lists of scalars. */
function inline(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return scalar(value)
  const items = Object.values(value)
  if (items.length === 0) return Array.isArray(value) ? '[]' : '{}'
  if (!Array.isArray(value) || items.some((item) => typeof item === 'object' && item !== null)) return undefined
  const line = `[${items.map(scalar).join(', ')}]`
  return line.length <= 100 ? line : undefined
}

function scalar(value: unknown): string {
  return typeof value === 'string' ? text(value) : String(value ?? 'null')
}

/** Plain where YAML reads it back as the same text, else quoted as JSON, which YAML reads too. */
function text(value: string): string {
  const safe = /^[\p{L}/][\p{L}\p{N} ._/()-]*$/u.test(value) && value.trim() === value
  const taken = /^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
  return safe && !taken ? value : JSON.stringify(value)
}
