import { describe, expect, it } from 'vitest'
import { readCsvRows, writeCsvRows } from '../../src/document/csv.ts'

describe('a CSV', () => {
  it('has rows of fields, without the spaces around them; blank lines are none', () => {
    expect(readCsvRows('a, b\r\n\r\n1 ,2\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['1', '2'] },
    ])
    expect(readCsvRows('')).toEqual([])
  })

  it('may have quoted fields, with commas, quotes and ends of lines in them', () => {
    expect(readCsvRows('"rack 1, left","say ""hi"""\n"two\nlines",x\nlast,y')).toEqual([
      { line: 1, cells: ['rack 1, left', 'say "hi"'] },
      { line: 2, cells: ['two\nlines', 'x'] },
      { line: 4, cells: ['last', 'y'] },
    ])
  })

  it('reads as it was written', () => {
    const cells = ['plain', 'a, b', 'say "hi"', 'two\nlines', '1e-7']
    expect(readCsvRows(writeCsvRows([cells]))).toEqual([{ line: 1, cells }])
    expect(writeCsvRows([[null, 0.5, undefined, true]])).toBe(',0.5,,true\n')
  })
})
