/** The value with everything inside it frozen. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || (Object.isFrozen(value) && isFlat(value))) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}

/** Large lists of numbers need no visit to each. */
function isFlat(value: object): boolean {
  return Array.isArray(value) && typeof value[0] === 'number'
}
