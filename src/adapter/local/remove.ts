import { rmSync } from 'node:fs'
import { sleep } from '../clock.ts'
import { removeNamespaces } from './namespaces.ts'
import { processesWith } from './proc.ts'
import { MARK } from './site.ts'

/** What a local cluster left behind, or may have. */
export interface Leftovers {
  /** Value of the mark that its processes carry in their environment. */
  readonly mark: string
  readonly namespaces: readonly string[]
  readonly directories: readonly string[]
}

const LOOKS = 100
const LOOK_EVERY = 20

/** Ends all processes of a run, by the mark that they carry and nothing else has, and removes what was made for it. */
export async function removeAll({ mark, namespaces, directories }: Leftovers): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const left = processesWith(MARK, mark)
    if (left.length === 0) break
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself in this instant.
      }
    }
    await sleep(LOOK_EVERY)
  }
  if (namespaces.length > 0) await removeNamespaces(namespaces)
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
}
