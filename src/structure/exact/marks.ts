/** Bytes of an entity that are not drawn yet: they stand in a state only while a move is worked out. */

/** Up, in a phase to be drawn. */
export const DRAW_UP = 250
/** Waiting for a crew, with work whose phase is to be drawn. */
export const DRAW_WAIT = 251
/** A crew on its way to it, likewise. */
export const DRAW_WAY = 252
/** In work, likewise. */
export const DRAW_WORK = 253
/** Of a role: a hand-over begins. */
export const BEGIN = 254
