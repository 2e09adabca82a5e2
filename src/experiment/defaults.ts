import type { Problem } from '../base/result.ts'
import { isMapping, type Located, type Path, valueAt } from '../document/located.ts'
import { assign } from './edits.ts'
import { type Product, type ReadFile, readProduct } from './sources.ts'

/** The data of a product; null where it cannot be read, which has been told. */
export type Products = (name: Product) => Located | null

/** Reads each product's data once, however many variants there are. */
export function productsFrom(readFile: ReadFile, problems: Problem[]): Products {
  const known = new Map<Product, Located | null>()
  return (name) => {
    if (!known.has(name)) {
      const data = readProduct(name, readFile)
      if (!data.ok) problems.push(...data.problems)
      known.set(name, data.ok ? data.value : null)
    }
    return known.get(name) ?? null
  }
}

/**
 * Fills in what a cluster model leaves unsaid, from the products' data files; nothing that is said is touched.
 * The result is the total model as words: it is checked, built from, and echoed in results.
 */
export function withDefaults(model: Located, products: Products): Located {
  return fillings(model, products).reduce(
    (current, { path, from, at }) => fill(current, path, from, at),
    withZone(model),
  )
}

interface Filling {
  /** Where in the model. */
  readonly path: Path
  readonly from: Located | null
  /** Where in the product's data. */
  readonly at: Path
}

function fillings(model: Located, product: Products): Filling[] {
  const has = (path: Path) => isMapping(valueAt(model.value, path))
  const list: Filling[] = [
    { path: ['network'], from: product('network'), at: [] },
    { path: ['clients'], from: product('kubernetes'), at: ['clients'] },
  ]
  if (has(['etcd'])) {
    const versions = product('etcd')?.value
    const written = valueAt(model.value, ['etcd', 'version'])
    const isKnown = typeof written === 'string' && isMapping(valueAt(versions, ['versions', written]))
    const version = isKnown ? written : valueAt(versions, ['defaults', 'version'])
    list.push({ path: ['etcd'], from: product('etcd'), at: ['versions', String(version)] })
    list.push({ path: ['etcd'], from: product('etcd'), at: ['defaults'] })
  }
  if (has(['api-server'])) list.push({ path: ['api-server'], from: product('kubernetes'), at: ['api-server'] })
  const kind = valueAt(model.value, ['load-balancer', 'kind'])
  if (kind === 'haproxy' || kind === 'single') list.push({ path: ['load-balancer'], from: product(kind), at: [] })
  if (has(['load-balancer', 'address'])) {
    const path = ['load-balancer', 'address']
    list.push({ path, from: product('keepalived'), at: ['defaults'] })
    if (has([...path, 'script'])) list.push({ path: [...path, 'script'], from: product('keepalived'), at: ['script'] })
  }
  return list
}

/** Copies each value of the data that the model does not have; mappings are filled in depth. */
function fill(model: Located, path: Path, from: Located | null, at: Path): Located {
  if (from === null) return model
  const source = valueAt(from.value, at)
  if (source === undefined) return model
  const there = valueAt(model.value, path)
  if (there === undefined || (there === null && path.length === 1)) return assign(model, path, unplaced(source))
  if (!isMapping(source) || !isMapping(there)) return model
  return Object.keys(source).reduce((current, key) => fill(current, [...path, key], from, [...at, key]), model)
}

/** A default has no place of its own: a problem with it is told at what the user wrote around it. */
function unplaced(value: unknown): Located {
  return { value, places: new Map() }
}

/** A model that names no zones has one. */
function withZone(model: Located): Located {
  if (valueAt(model.value, ['zones']) !== undefined) return model
  return assign(model, ['zones'], unplaced(['zone']))
}
