/**
 * The list of `make(0)` … `make(count − 1)`.
 *
 * For lists that every replication makes anew. The results of `map`, `Array.from` and `fill` are of one internal kind
 * as long as their maker is interpreted and of another once it is compiled: all code that had been compiled for the
 * first kind is then thrown away and compiled again, in the middle of a run. A list grown by `push` is always the same.
 */
export function listOf<T>(count: number, make: (index: number) => T): T[] {
  const list: T[] = []
  for (let index = 0; index < count; index++) list.push(make(index))
  return list
}
