/**
 * The laws that a biased cycle may be walked by, each in its share of cycles:
 *
 * - the truth;
 * - aimed with doubt, until the service is lost: each move is true in a small share of cases, else aimed; so walks also come
 *   where little is expected;
 * - aimed, until the service is lost: moves in proportion to their probability times that of a loss where they lead;
 * - costly, to the end: moves in proportion to their probability times the time that will have been lost in the cycle,
 *   as is expected where they lead. Losses that are frequent and short hide those that are seldom and long from the law before.
 *
 * What is expected is learnt (`learn.ts`). A cycle weighs the truth over the mean density of all four, whichever it was walked by (the balance heuristic: Veach
 * and Guibas 1995, SIGGRAPH, 419–428; mixtures with the truth as a defence: Hesterberg 1995, Technometrics 37, 185–194).
 * So no cycle weighs more than one over the share of the truth, and no second moment is more than one over the share of
 * a law times what that law would have alone (Owen and Zhou 2000, J. Amer. Statist. Assoc. 95, 135–143).
 */
export const TRUTH = 0
export const DOUBTING = 1
export const AIMED = 2
export const COSTLY = 3

/** Share of cycles by law. */
const SHARES = [0.05, 0.15, 0.5, 0.3] as const

/** The law of the next cycle. @param u uniform on [0, 1) */
export function aimOf(u: number): number {
  if (u < SHARES[AIMED]) return AIMED
  if (u < SHARES[AIMED] + SHARES[COSTLY]) return COSTLY
  return u < 1 - SHARES[TRUTH] ? DOUBTING : TRUTH
}

/**
 * The weight of a cycle, at most one over the share of the truth.
 *
 * @param doubting how much likelier its moves up to the loss are if aimed with doubt than in truth
 * @param aimed the same if aimed
 * @param costly how much likelier all of its moves are by the costly law
 */
export function weightOf(doubting: number, aimed: number, costly: number): number {
  return 1 / (SHARES[TRUTH] + SHARES[DOUBTING] * doubting + SHARES[AIMED] * aimed + SHARES[COSTLY] * costly)
}
