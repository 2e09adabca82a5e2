import type { Problem } from '../base/result.ts'
import { type Located, type Path, problemAt } from '../document/located.ts'
import { closest } from '../document/suggest.ts'
import * as say from './messages.ts'
import type { ReadFile } from './sources.ts'

/** What normalising needs at hand: the document with its places, files it may name, and where problems go. */
export class Context {
  readonly problems: Problem[]
  readonly located: Located
  readonly readFile: ReadFile

  constructor(located: Located, readFile: ReadFile, problems: Problem[]) {
    this.located = located
    this.readFile = readFile
    this.problems = problems
  }

  /** A problem with the value at `path`. */
  problem(path: Path, message: string): void {
    this.problems.push(problemAt(this.located, path, message))
  }

  /** Whether no problem has been told about the value at `path`: else what follows from it means nothing. */
  isSound(path: Path): boolean {
    const at = problemAt(this.located, path, '')
    return !this.problems.some(
      ({ file, line, column, path: told }) =>
        file === at.file && line === at.line && column === at.column && told === at.path,
    )
  }

  /** A name that must be one of `known`: its index, or −1 after a problem with a suggestion. */
  indexOf(what: string, name: string, known: readonly string[], path: Path): number {
    const index = known.indexOf(name)
    if (index < 0) this.problem(path, say.notNamed(what, name, closest(name, known), known))
    return index
  }
}
