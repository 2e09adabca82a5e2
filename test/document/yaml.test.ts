import { describe, expect, it } from 'vitest'
import { formatProblem } from '../../src/base/result.ts'
import { partAt, placeOf, problemAt } from '../../src/document/located.ts'
import * as say from '../../src/document/messages.ts'
import { MAX_CHARACTERS, MAX_DEPTH, MAX_VALUES, readYaml } from '../../src/document/yaml.ts'
import { assertOk } from '../experiment/files.ts'

function problemsOf(text: string): string[] {
  const read = readYaml('x.yaml', text)
  return read.ok ? [] : read.problems.map(formatProblem)
}

describe('readYaml', () => {
  it('remembers where each value and key was written', () => {
    const located = assertOk(readYaml('x.yaml', 'a:\n  b: [1, 2]\n"c.d": 007\n'))
    expect(located.value).toEqual({ a: { b: [1, 2] }, 'c.d': 7 })
    expect(formatProblem(problemAt(located, ['a', 'b', 1], 'odd'))).toBe('x.yaml:2:10: a.b[1]: odd')
    expect(formatProblem(problemAt(located, ['a', 'b'], 'odd', 'key'))).toBe('x.yaml:2:3: a.b: odd')
    expect(formatProblem(problemAt(located, ['a', 'none'], 'missing'))).toBe('x.yaml:2:3: a.none: missing')
    expect(placeOf(located, ['c.d'])?.source).toBe('007')
    expect(formatProblem(problemAt(partAt(located, ['a']), ['b'], 'odd'))).toBe('x.yaml:2:6: a.b: odd')
  })

  it('keeps the commas of calls, in flow style too', () => {
    const text = 'a: { lasts: mixture(0.9 uniform(1s, 2s), 0.1 fixed(1h)), b: x(1, 2), c: x(2, 2) }\nd: [x(1, 2), y]\n'
    const located = assertOk(readYaml('x.yaml', text))
    expect(located.value).toEqual({
      a: { lasts: 'mixture(0.9 uniform(1s, 2s), 0.1 fixed(1h))', b: 'x(1, 2)', c: 'x(2, 2)' },
      d: ['x(1, 2)', 'y'],
    })
    expect(formatProblem(problemAt(located, ['a', 'b'], 'odd'))).toBe('x.yaml:1:61: a.b: odd')
    expect(assertOk(readYaml('x.yaml', 'a: { b: x(1, c: 2 }\n')).value).toEqual({ a: { b: 'x(1', c: 2 } })
  })

  it('follows aliases', () => {
    expect(assertOk(readYaml('x.yaml', 'a: &x [1]\nb: *x\n')).value).toEqual({ a: [1], b: [1] })
  })

  it('refuses what is no text, no mapping, or nothing', () => {
    expect(problemsOf('\u0000\u0001')).toEqual([`x.yaml: ${say.binary()}`])
    expect(problemsOf('# only a comment\n')).toEqual([`x.yaml: ${say.empty()}`])
    expect(problemsOf('')).toEqual([`x.yaml: ${say.empty()}`])
    expect(problemsOf('- a\n')).toEqual([`x.yaml:1:1: ${say.notMapping(['a'])}`])
    const large = ' '.repeat(MAX_CHARACTERS + 1)
    expect(problemsOf(large)).toEqual([`x.yaml: ${say.tooLarge(MAX_CHARACTERS + 1, MAX_CHARACTERS)}`])
  })

  it('tells syntax errors where they are', () => {
    expect(problemsOf('a: 1\na: 2\n')).toEqual([`x.yaml:2:1: a: ${say.sameKey()}`])
    expect(problemsOf('a: [1\nb: 2\n')[0]).toMatch(/^x\.yaml:\d+:\d+: not valid YAML: /)
    expect(problemsOf('a: *b\n')[0]).toMatch(/^x\.yaml:1:\d+: /)
    expect(problemsOf('? [a]\n: 1\n')).toEqual([`x.yaml:1:3: ${say.badKey()}`])
  })

  it('is not blown up by aliases or brackets', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    expect(problemsOf(lines.join('\n'))).toEqual([expect.stringContaining(say.tooMany(MAX_VALUES))])
    expect(problemsOf(`a: ${'['.repeat(100_000)}`)).toEqual([`x.yaml: ${say.tooDeep(MAX_DEPTH)}`])
    expect(problemsOf('a: &a [*a]')).toEqual([expect.stringContaining(say.endlessAlias('a'))])
  })
})
