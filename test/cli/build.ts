import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Brings dist/ up to date before the first test that starts the command. */
export function setup(): void {
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))
  const build = spawnSync(process.execPath, [script], { encoding: 'utf-8' })
  if (build.status !== 0) throw new Error(`scripts/build.mjs failed:\n${build.stdout}${build.stderr}`)
}
