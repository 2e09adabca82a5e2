import type { Path } from '../document/located.ts'
import type { Condition } from '../structure/model.ts'
import type { Context } from './context.ts'
import * as say from './messages.ts'
import type { PartNames } from './part-names.ts'
import type { ConditionSpec } from './spec-parts.ts'

/** Stands where a condition was refused, so that the rest can be looked at. */
const REFUSED: Condition = { kind: 'all', of: [] }

/** The condition with its names resolved. In lists a group means all its members. */
export function toCondition(spec: ConditionSpec, path: Path, names: PartNames, context: Context): Condition {
  if (typeof spec === 'string') {
    const resolved = named(spec, path, names)
    if (resolved.length === 1) return resolved[0]!
    if (resolved.length > 1) context.problem(path, say.ambiguousGroup(spec, resolved.length))
    return REFUSED
  }
  if ('all' in spec) return { kind: 'all', of: toList(spec.all, [...path, 'all'], names, context) }
  if ('any' in spec) return { kind: 'any', of: toList(spec.any, [...path, 'any'], names, context) }
  const count = spec['at-least']
  const of = toList(spec.of, [...path, 'of'], names, context)
  // A group whose size is refused has a stand-in here, which says nothing of the condition.
  const isSized = !context.problems.some((problem) => /^parts\.[^.]+\.count$/.test(problem.path))
  if (isSized && of.length > 0 && count > of.length)
    context.problem([...path, 'at-least'], say.tooManyOf(count, of.length))
  return { kind: 'at-least', count, of }
}

function toList(spec: string | readonly ConditionSpec[], path: Path, names: PartNames, context: Context): Condition[] {
  if (typeof spec === 'string') return named(spec, path, names)
  return spec.flatMap((item, i) => {
    const at = [...path, i]
    return typeof item === 'string' ? named(item, at, names) : [toCondition(item, at, names, context)]
  })
}

/** One condition, or one for each member of a group; none after a problem. */
function named(name: string, path: Path, names: PartNames): Condition[] {
  const meaning = names.meaning(name, path)
  if (meaning === null) return []
  if (meaning.kind === 'group') return names.members(meaning.group).map((part) => ({ kind: 'part', part }))
  return [meaning]
}
