/** Who keeps the record of what was done to a cluster, by chance or by plan. */
export interface FaultListener {
  /** @param kind for statistics (`node`, `zone`) @param label for people (`node control-plane-2`, `zone a`) */
  faultBegan(kind: string, label: string): void
  faultEnded(kind: string, label: string): void
}
