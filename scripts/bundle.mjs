// Puts what the command line loads into few files, in place of the compiled ones: reading and linking hundreds of modules
// takes longer than many an answer. Libraries that import hasim get it file by file, as before.
import { dirname, relative, sep } from 'node:path'
import { build } from 'vite'

/** Where a process or a thread begins. */
const ENTRIES = ['cli/main', 'host/worker']
/** Loaded where they are, and seldom: plots, threads, linear programmes. The last is an optional need of a dependency, not installed. */
const APART = ['vega', 'vega-lite', 'piscina', 'highs', 'protobufjs/minimal']
/** All that is written is one folder deep, as the modules that ask where they are. */
const CHUNKS = 'bundle'

/** @param {string} directory of the compiled modules */
export async function bundle(directory) {
  await build({
    configFile: false,
    root: dirname(directory),
    logLevel: 'warn',
    plugins: [ownPlaces(directory), withoutHelp()],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: directory,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'node20',
      minify: false,
      license: { fileName: `${CHUNKS}/licenses.md` },
      rolldownOptions: {
        input: Object.fromEntries(ENTRIES.map((name) => [name, `${directory}/${name}.js`])),
        external: APART,
        output: { entryFileNames: '[name].js', chunkFileNames: `${CHUNKS}/[name]-[hash].js` },
      },
    },
  })
}

/** Modules find files and programs beside them: wherever they end up, they are told where they were. */
function ownPlaces(directory) {
  return {
    name: 'own-places',
    transform(code, id) {
      const path = relative(directory, id).split(sep).join('/')
      if (path.startsWith('..') || !code.includes('import.meta.url')) return null
      return { code: code.replaceAll('import.meta.url', `new URL('../${path}', import.meta.url).href`), map: null }
    },
  }
}

/** What yargs lays out its own help with: the command line writes its help itself. */
const LAYOUT = ['cliui', 'string-width']

/**
 * Leaves out how yargs would draw a help page, which is never asked for: it measures text with a regular expression of all
 * emoji, twice, and checking those takes longer than to read everything else of yargs.
 */
function withoutHelp() {
  const stub = '\0no-help'
  return {
    name: 'without-help',
    enforce: 'pre',
    resolveId: (source, importer) => (LAYOUT.includes(source) && importer?.includes('/yargs/') ? stub : null),
    load: (id) =>
      id === stub ? "export default () => { throw new Error('the command line writes its own help') }" : null,
  }
}
