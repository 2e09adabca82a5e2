import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseDirectives } from './data-driven.ts'
import { runDirectory, runFile } from './run.ts'

const directory = fileURLToPath(new URL('../../../shared/reference/etcd-raft-testdata', import.meta.url))
const present = existsSync(directory)
if (!present) console.warn(`skipped: etcd's data-driven files are not at ${directory}`)

describe.skipIf(!present)("etcd's data-driven files", () => {
  for (const { file, commands, differences } of present ? runDirectory(directory) : []) {
    test(file, () => {
      expect(commands).toBeGreaterThan(0)
      expect(differences).toEqual([])
    })
  }
})

describe('the runner', () => {
  test('reads commands, options, input and output with their lines', () => {
    const text =
      '# note\nadd-nodes 3 voters=(1, 2) index=10\nmore\n----\nout\n  in\n\nok 1\n----\n----\na\n\nb\n----\n----\n'
    expect(parseDirectives(text)).toEqual([
      {
        line: 2,
        command: 'add-nodes',
        args: [
          { key: '3', values: [] },
          { key: 'voters', values: ['1', '2'] },
          { key: 'index', values: ['10'] },
        ],
        input: ['more'],
        expected: 'out\n  in',
      },
      { line: 8, command: 'ok', args: [{ key: '1', values: [] }], input: [], expected: 'a\n\nb' },
    ])
  })

  test('tells a wrong answer from a right one, in each kind of file', () => {
    const wrong = (text: string): number[] => runFile('x.txt', text).differences.map(({ line }) => line)
    expect(
      wrong('committed cfg=(1,2,3) idx=(5,4,_)\n----\nchart\n4\n\nvote cfg=(1) votes=(y)\n----\nVoteLost\n'),
    ).toEqual([6])
    expect(wrong('simple\nv1\n----\nvoters=(1)\n1: StateProbe match=0 next=1\n\nsimple\nl1\n----\nok\n')).toEqual([7])
    expect(wrong('log-level none\n----\nok\n\nnonsense\n----\nok\n\ncampaign 1\n----\nok\n')).toEqual([5, 9])
  })
})
