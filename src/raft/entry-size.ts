import type { ConfChange, Entry, EntryData } from './types.ts'

/** Bytes of an unsigned integer in protocol buffer encoding: seven bits a byte. */
function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++
  return size
}

/** Bytes of an entry's payload alone: what the limit on uncommitted data counts. Text counts one byte a code unit. */
export function payloadSize(data: EntryData): number {
  if (data === undefined) return 0
  if (typeof data === 'string') return data.length
  return data.kind === 'payload' ? data.bytes : confChangeSize(data)
}

/** Bytes of an entry as encoded on disk and wire: type, term and index with a tag byte each, then the payload. */
export function entrySize(entry: Entry): number {
  const bytes = payloadSize(entry.data)
  const payload = entry.data === undefined ? 0 : 1 + varintSize(bytes) + bytes
  return 2 + 1 + varintSize(entry.term) + 1 + varintSize(entry.index) + payload
}

/** Bytes of an encoded membership change: the transition, each change with its length, type and member, the context. */
function confChangeSize(change: ConfChange): number {
  let size = 2
  for (const single of change.changes) size += 2 + 2 + 1 + varintSize(single.nodeId)
  return change.context === '' ? size : size + 1 + varintSize(change.context.length) + change.context.length
}
