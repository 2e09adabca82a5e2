/**
 * The laws that a biased cycle may be walked by, each in its share of cycles, until the service is lost:
 *
 * - the truth;
 * - aimed with doubt: each move is true in a small share of cases, else aimed; so walks also come where little is expected;
 * - aimed: moves in proportion to their probability times the value of where they lead (`learn.ts`).
 *
 * A cycle weighs the truth over the mean density of all three, whichever it was walked by (the balance heuristic: Veach
 * and Guibas 1995, SIGGRAPH, 419–428; mixtures with the truth as a defence: Hesterberg 1995, Technometrics 37, 185–194).
 * So no cycle weighs more than one over the share of the truth, and no second moment is more than one over the share of
 * a law times what that law would have alone (Owen and Zhou 2000, J. Amer. Statist. Assoc. 95, 135–143).
 */
export const TRUTH = 0
export const DOUBTING = 1
export const AIMED = 2

/** Share of cycles by law. */
const SHARES = [0.05, 0.15, 0.8] as const

/** The law of the next cycle. @param u uniform on [0, 1) */
export function aimOf(u: number): number {
  if (u < SHARES[AIMED]) return AIMED
  return u < SHARES[AIMED] + SHARES[DOUBTING] ? DOUBTING : TRUTH
}

/**
 * The weight of a cycle, at most one over the share of the truth.
 *
 * @param doubting how much likelier its moves up to the loss are if aimed with doubt than in truth
 * @param aimed the same if aimed
 */
export function weightOf(doubting: number, aimed: number): number {
  return 1 / (SHARES[TRUTH] + SHARES[DOUBTING] * doubting + SHARES[AIMED] * aimed)
}
