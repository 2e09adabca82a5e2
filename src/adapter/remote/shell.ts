import { run } from '../run.ts'
import type { Reach } from './remote-cluster.ts'

/** Commands run by sh on this machine: they know themselves how to reach the others. */
export function shellReach(): Reach {
  return {
    open: async () => {},
    run: async (_machine, command) => void (await run('sh', ['-c', command])),
    says: (_machine, command) => command,
    close: async () => {},
    arms: null,
  }
}
