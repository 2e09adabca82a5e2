// Compiles src/ to dist/ with plain tsc, bundles the command line, and does nothing when dist/ is newer than every source.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'dist', '.built')

function newest(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs)
}

if (!existsSync(join(root, 'src'))) process.exit(0) // installed as a package: dist/ was shipped
const inputs = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json'].map((name) => join(root, name))
if (existsSync(stamp) && Math.max(...inputs.map(newest)) <= statSync(stamp).mtimeMs) process.exit(0)

// Compiled aside and moved into place, so that a broken source never takes a working build away.
const fresh = join(root, 'dist.new')
rmSync(fresh, { recursive: true, force: true })
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const run = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', fresh], {
  stdio: 'inherit',
})
if (run.status !== 0) {
  rmSync(fresh, { recursive: true, force: true })
  process.exit(run.status ?? 1)
}
// Loaded here: where dist/ is new, nothing of it is needed.
const { bundle } = await import('./bundle.mjs')
await bundle(fresh)
rmSync(join(root, 'dist'), { recursive: true, force: true })
renameSync(fresh, join(root, 'dist'))
writeFileSync(stamp, '')
