type Vega = typeof import('vega')
type VegaLite = typeof import('vega-lite')

interface Plotting {
  readonly vega: Vega
  readonly compile: VegaLite['compile']
}

let loading: Promise<Plotting> | undefined

/** Vega and Vega-Lite, loaded when the first chart is drawn: the terminal table should not wait for them. */
export function loadPlotting(): Promise<Plotting> {
  loading ??= load()
  return loading
}

async function load(): Promise<Plotting> {
  const whole = await loadWhole()
  if (whole !== null) return { vega: whole.vega, compile: whole.vegaLite.compile }
  const [{ compile }, vega] = await Promise.all([import('vega-lite'), import('vega')])
  return { vega, compile }
}

/**
 * Either comes as some hundred modules and also as one file for pages, which loads in a quarter of the time. Such a file
 * leaves its exports in a global, and Vega-Lite's finds Vega there. Null: they are not where they used to be.
 */
async function loadWhole(): Promise<{ readonly vega: Vega; readonly vegaLite: VegaLite } | null> {
  const page = globalThis as { vega?: Vega; vegaLite?: VegaLite }
  // A page that has its own keeps it.
  if (page.vega !== undefined || page.vegaLite !== undefined) return null
  try {
    await import(new URL('vega.min.js', import.meta.resolve('vega')).href)
    await import(new URL('vega-lite.min.js', import.meta.resolve('vega-lite')).href)
    const { vega, vegaLite } = page
    return vega === undefined || vegaLite === undefined ? null : { vega, vegaLite }
  } catch {
    return null
  } finally {
    delete page.vega
    delete page.vegaLite
  }
}
