/**
 * `derive`, worked out once for each key and then remembered for as long as the key lives. For what follows from a
 * frozen configuration, which all replications share.
 */
export function oncePer<K extends object, V>(derive: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>()
  return (key) => {
    let entry = known.get(key)
    if (entry === undefined) {
      entry = { value: derive(key) }
      known.set(key, entry)
    }
    return entry.value
  }
}
