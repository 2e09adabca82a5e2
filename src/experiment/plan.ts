import type { Problem, Result } from '../base/result.ts'
import { fail, ok } from '../base/result.ts'
import { type Located, type Path, partAt, problemAt } from '../document/located.ts'
import { readYaml } from '../document/yaml.ts'
import type { FaultAction, FaultKind, FaultPlan } from '../faults/plan.ts'
import { readFaultTarget } from '../faults/target.ts'
import type { ModelConfig } from './config.ts'
import { checkSpec } from './issues.ts'
import * as say from './messages.ts'
import { type PlanSpec, planSpec } from './spec.ts'
import { missingFrom } from './targets.ts'

/** A fault plan together with where each of its parts was written. */
export interface LocatedPlan {
  readonly plan: FaultPlan
  readonly located: Located
}

/** Reads a fault plan file. @param model refuses targets that it does not have; without it none is known */
export function readPlan(file: string, text: string, model?: ModelConfig): Result<FaultPlan> {
  const located = readYaml(file, text)
  if (!located.ok) return located
  const problems: Problem[] = []
  const read = toPlan(located.value, problems)
  if (read !== null && model !== undefined) checkTargets(read, model, problems)
  return read === null || problems.length > 0 ? fail(problems) : ok(read.plan)
}

/** The fault plan a document holds; null after problems that leave none. */
export function toPlan(located: Located, problems: Problem[]): LocatedPlan | null {
  const spec = checkSpec(planSpec, located, problems)
  if (spec === null) return null
  const actions = spec.actions.map((action, i) => toAction(action, ['actions', i], located, problems))
  return { plan: { name: spec.plan, actions }, located }
}

/** Keys beside `at`, `do`, `on` and `for` that an action must or may have. */
const KEYS: {
  readonly [kind in FaultKind]: { readonly needs?: 'by' | 'share'; readonly may?: readonly ('from' | 'one-way')[] }
} = {
  crash: {},
  stop: {},
  pause: {},
  reboot: {},
  cut: { may: ['from', 'one-way'] },
  isolate: { may: ['one-way'] },
  delay: { needs: 'by', may: ['from', 'one-way'] },
  lose: { needs: 'share', may: ['from', 'one-way'] },
  'slow-disk': { needs: 'by' },
  'lose-disk': {},
}

/** What can be done to a link; the rest is for machines and processes. */
const OF_LINKS: readonly FaultKind[] = ['cut', 'isolate', 'delay', 'lose', 'crash']

function toAction(spec: PlanSpec['actions'][number], path: Path, located: Located, problems: Problem[]): FaultAction {
  const { needs, may = [] } = KEYS[spec.do]
  const report = (at: Path, message: string) => problems.push(problemAt(located, at, message))
  if (needs !== undefined && spec[needs] === undefined) report(path, say.actionNeeds(spec.do, needs))
  for (const key of ['by', 'share'] as const) {
    if (key !== needs && spec[key] !== undefined) report([...path, key], say.actionHasNo(spec.do, key))
  }
  if (spec.from !== undefined && !may.includes('from')) report([...path, 'from'], say.actionHasNo(spec.do, 'from'))
  if (spec['one-way'] && !may.includes('one-way')) report([...path, 'one-way'], say.actionHasNo(spec.do, 'one-way'))
  for (const [key, texts] of [
    ['on', spec.on],
    ['from', spec.from ?? []],
  ] as const) {
    for (const [i, text] of texts.entries()) {
      const target = readFaultTarget(text)
      const place = placeOfTarget(located, [...path, key], i)
      if (target === null) report(place, say.badTarget(text))
      else if (target.kind === 'link' && !OF_LINKS.includes(spec.do)) report(place, say.notOfLinks(spec.do, OF_LINKS))
    }
  }
  return {
    at: spec.at,
    do: spec.do,
    on: spec.on,
    for: spec.for ?? null,
    from: spec.from ?? [],
    oneWay: spec['one-way'],
    by: spec.by ?? null,
    share: spec.share ?? null,
  }
}

/** A target stands alone or in a list. */
function placeOfTarget(located: Located, path: Path, index: number): Path {
  return Array.isArray(partAt(located, path).value) ? [...path, index] : path
}

/** Refuses targets that a model does not have. */
export function checkTargets({ plan, located }: LocatedPlan, model: ModelConfig, problems: Problem[]): void {
  for (const [i, action] of plan.actions.entries()) {
    for (const [key, texts] of [
      ['on', action.on],
      ['from', action.from],
    ] as const) {
      for (const [k, text] of texts.entries()) {
        const target = readFaultTarget(text)
        const missing = target === null ? null : missingFrom(target, model)
        if (missing === null) continue
        problems.push(problemAt(located, placeOfTarget(located, ['actions', i, key], k), missing))
      }
    }
  }
}
