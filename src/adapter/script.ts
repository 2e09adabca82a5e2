import { fileURLToPath } from 'node:url'

/**
 * The command line of a program of this package, run by Node: compiled, or from the sources through tsx.
 * @param source where its TypeScript is, as `new URL('./x.ts', import.meta.url)`; compiled code names it so too
 */
export function scriptCommand(source: URL): string[] {
  const isSource = import.meta.url.endsWith('.ts')
  const path = fileURLToPath(source)
  return [process.execPath, ...(isSource ? ['--import', 'tsx', path] : [path.replace(/\.ts$/, '.js')])]
}
