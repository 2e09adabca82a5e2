import type { Ms } from '../../../base/units.ts'
import { ms } from '../../../base/units.ts'

/** Rebuilding copies what is in use to a new file: bytes a second of a plain disk with flash. */
export const DEFAULT_DEFRAGMENT_RATE: number = 100 * 1024 * 1024

/**
 * How long a defragmentation holds the backend. Until it ends the member applies nothing and reads nothing, serializable
 * reads included; Raft goes on, so that a leader keeps leading while all its clients wait
 * (server/storage/backend/backend.go, defrag).
 */
export function defragmentPause(bytesInUse: number, bytesPerSecond: number = DEFAULT_DEFRAGMENT_RATE): Ms {
  return ms((1000 * bytesInUse) / bytesPerSecond)
}
