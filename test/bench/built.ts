import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A module of the package as it is shipped: what a compiler on the fly makes of the sources runs at another speed. */
export function built<T>(path: string): Promise<T> {
  return import(pathToFileURL(join(root, 'dist', `${path}.js`)).href)
}
