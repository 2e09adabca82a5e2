import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  explainFailure,
  judge,
  keyValueMap,
  type RangeOperation,
  type RegisterOperation,
  type RegisterValue,
  readJepsenLog,
  registers,
} from '../../src/observe/linearizability/index.ts'

/** `[call, result]`; without a result nobody knows what became of the operation. */
type When = readonly [call: number, result?: number]

function timed([call, result]: When) {
  return { process: '1', key: 'x', call, result: result ?? Number.POSITIVE_INFINITY, known: result !== undefined }
}

function read(when: When, value: RegisterValue): RegisterOperation {
  return { ...timed(when), kind: 'read', input: null, output: when[1] === undefined ? undefined : value }
}

function write(when: When, value: RegisterValue): RegisterOperation {
  return { ...timed(when), kind: 'write', input: value, output: when[1] === undefined ? undefined : null }
}

function cas(when: When, expected: RegisterValue, desired: RegisterValue, holds: boolean): RegisterOperation {
  const output = when[1] === undefined ? undefined : holds
  return { ...timed(when), kind: 'cas', input: { expected, desired }, output }
}

function verdictOf(history: readonly RegisterOperation[], limit?: number): string {
  return judge(history, registers, limit).verdict
}

describe('a register', () => {
  test.each<[string, RegisterOperation[]]>([
    ['nothing at all', []],
    ['reads nothing at first', [read([0, 1], null)]],
    ['overlapping writes in either order', [write([0, 9], 1), write([0, 9], 2), read([10, 11], 1)]],
    ['a read during a write sees the old', [write([0, 1], 1), write([2, 9], 2), read([3, 4], 1), read([5, 6], 2)]],
    ['an unknown write that happened', [write([0, 1], 1), write([2], 2), read([3, 4], 2)]],
    ['an unknown write that did not', [write([0, 1], 1), write([2], 2), read([3, 4], 1)]],
    ['an unknown write that happens late', [write([0, 1], 1), write([2], 2), read([3, 4], 1), read([5, 6], 2)]],
    ['one of two comparisons holds', [write([0, 1], 1), cas([2, 9], 1, 2, true), cas([2, 9], 1, 3, false)]],
    ['both hold in a chain', [write([0, 1], 1), cas([2, 9], 2, 3, true), cas([2, 9], 1, 2, true), read([10, 11], 3)]],
    ['an unknown comparison that held', [write([0, 1], 1), cas([2], 1, 2, true), read([3, 4], 2)]],
    ['touching operations are concurrent', [write([0, 1], 1), write([1, 2], 2), read([3, 4], 1)]],
    ['registers apart', [{ ...write([0, 1], 1), key: 'y' }, read([2, 3], null)]],
  ])('allows: %s', (_, history) => {
    expect(verdictOf(history)).toBe('linearizable')
    expect(isLinearizableByBruteForce(history)).toBe(true)
  })

  test.each<[string, RegisterOperation[]]>([
    ['a value from nowhere', [read([0, 1], 1)]],
    ['a lost write', [write([0, 1], 1), read([2, 3], null)]],
    ['a lost update', [cas([0, 9], null, 1, true), cas([0, 9], null, 2, true)]],
    ['a stale read', [write([0, 1], 1), write([2, 3], 2), read([4, 5], 1)]],
    ['new, then old', [write([0, 1], 1), write([2, 9], 2), read([3, 4], 2), read([5, 6], 1)]],
    ['two orders at once', [write([0, 9], 1), write([0, 9], 2), read([10, 11], 1), read([12, 13], 2)]],
    ['an unknown write before its call', [read([0, 1], 2), write([2], 2)]],
    ['an unknown write twice', [write([0], 1), read([1, 2], 1), write([3, 4], 2), read([5, 6], 2), read([7, 8], 1)]],
    ['a comparison that ought to hold', [write([0, 1], 1), cas([2, 3], 1, 2, false)]],
    ['an unknown comparison that cannot hold', [write([0, 1], 1), cas([2], 3, 2, true), read([3, 4], 2)]],
  ])('forbids: %s', (_, history) => {
    expect(verdictOf(history)).toBe('not linearizable')
    expect(isLinearizableByBruteForce(history)).toBe(false)
  })

  test('gives up at the limit, unless another part decides', () => {
    const hard = Array.from({ length: 12 }, (_, value) => write([0, 9], value))
    const lost = { ...read([0, 1], 1), key: 'y' }
    expect(verdictOf([...hard, read([10, 11], 99)], 50)).toBe('undecided')
    expect(verdictOf([...hard, read([10, 11], 99), lost], 50)).toBe('not linearizable')
  })
})

describe('a map of several keys', () => {
  const range = (when: When, output: readonly RegisterValue[]): RangeOperation => {
    return { ...timed(when), kind: 'range', input: ['x', 'y'], output }
  }
  const writes = [write([0, 1], 1), { ...write([2, 3], 2), key: 'y' }]

  test('is seen as it was at one instant', () => {
    expect(judge([...writes, range([1, 3], [1, null])], keyValueMap).verdict).toBe('linearizable')
    expect(judge([...writes, range([0, 3], [1, 2])], keyValueMap).verdict).toBe('linearizable')
    expect(judge([...writes, range([0, 3], [null, 2])], keyValueMap).verdict).toBe('not linearizable')
  })
})

describe('what explains a failure', () => {
  const first = write([0, 1], 1)
  const second = write([2, 3], 2)
  const stale = read([4, 5], 1)
  const late = cas([4, 9], 3, 4, true)
  const judgement = judge([first, second, stale, late, read([10, 11], 2)], registers)

  test('the longest order, where it leads, what has no place', () => {
    expect(judgement).toMatchObject({
      verdict: 'not linearizable',
      part: 'x',
      failure: { blocked: stale, order: [first, second], states: [2], unplaced: [stale, late] },
    })
  })

  test('in words', () => {
    if (judgement.verdict !== 'not linearizable') throw new Error(judgement.verdict)
    expect(explainFailure(judgement.failure, registers).split('\n')).toEqual([
      '2 operations fit:',
      '  process 1: write 1 (0 to 1)',
      '  process 1: write 2 (2 to 3)',
      'they may leave 2, and no order of what was under way makes room for',
      '  process 1: read = 1 (4 to 5)',
      'also without a place by then',
      '  process 1: cas {"expected":3,"desired":4} = true (4 to 9)',
    ])
  })
})

const value = fc.constantFrom(null, 0, 1)
const when = fc
  .tuple(fc.nat(12), fc.option(fc.nat(6), { freq: 3, nil: undefined }))
  .map(([call, lasts]): When => (lasts === undefined ? [call] : [call, call + lasts]))
const operation = fc.oneof(
  fc.tuple(when, value).map((it) => read(...it)),
  fc.tuple(when, value).map((it) => write(...it)),
  fc.tuple(when, value, value, fc.boolean()).map((it) => cas(...it)),
)
const smallHistory = fc.array(operation, { maxLength: 6, size: 'max' })

describe('of small histories', () => {
  test('the verdict is that of trying every order', () => {
    const verdicts = { true: 0, false: 0 }
    const agrees = (history: RegisterOperation[]) => {
      const expected = isLinearizableByBruteForce(history)
      verdicts[`${expected}`]++
      expect(verdictOf(history)).toBe(expected ? 'linearizable' : 'not linearizable')
    }
    fc.assert(fc.property(smallHistory, agrees), { numRuns: 3000, seed: 1 })
    expect(Math.min(verdicts.true, verdicts.false)).toBeGreaterThan(300)
  })

  test('the order given is one that may have been', () => {
    const isProven = (history: RegisterOperation[]) => {
      const judgement = judge(history, registers)
      if (judgement.verdict === 'linearizable') expectLegal(history, judgement.orders.get('x') ?? [])
    }
    fc.assert(fc.property(smallHistory, isProven), { numRuns: 1000, seed: 2 })
  })

  test('the failure given is the first: up to just before it all was well', () => {
    const isFirst = (history: RegisterOperation[]) => {
      const judgement = judge(history, registers)
      if (judgement.verdict !== 'not linearizable') return
      const { blocked, states, order } = judgement.failure
      const asked = history.filter(({ call }) => call <= blocked.result)
      expect(isLinearizableByBruteForce(asked)).toBe(false)
      const answered = asked.filter((it) => it !== blocked && it.result < blocked.result)
      const before = [...answered, ...order.filter((it) => !answered.includes(it))]
      expectLegal(before, order)
      expect(states).toContain(order.reduce((state, it) => after(state, it)!.state, null as RegisterValue))
    }
    fc.assert(fc.property(smallHistory, isFirst), { numRuns: 1000, seed: 3 })
  })

  test('of independent keys, each alone is judged as all together are', () => {
    const keyed = fc.tuple(operation, fc.constantFrom('x', 'y')).map(([it, key]) => ({ ...it, key }))
    const agrees = (history: RegisterOperation[]) => {
      expect(verdictOf(history)).toBe(judge(history, keyValueMap).verdict)
    }
    fc.assert(fc.property(fc.array(keyed, { maxLength: 10, size: 'max' }), agrees), { numRuns: 1000, seed: 4 })
  })
})

describe('long histories', () => {
  const long = fc.array(fc.record({ shape: operation, gap: fc.nat(3), lead: fc.nat(8), lag: fc.nat(8) }), {
    minLength: 20,
    maxLength: 300,
    size: 'max',
  })
  type Shapes = { shape: RegisterOperation; gap: number; lead: number; lag: number }[]

  test('of a register that works are linearizable', () => {
    const isAllowed = (shapes: Shapes) => {
      const history = historyOfWorkingRegister(shapes)
      const judgement = judge(history, registers)
      if (judgement.verdict !== 'linearizable') throw new Error(judgement.verdict)
      expectLegal(history, judgement.orders.get('x') ?? [])
    }
    fc.assert(fc.property(long, isAllowed), { numRuns: 100, seed: 5 })
  })

  test('are not once a read is older than what was written for certain', () => {
    const answered = ({ shape, ...rest }: Shapes[number]) => {
      return { ...rest, shape: { ...shape, known: true } as RegisterOperation }
    }
    const isCaught = (shapes: Shapes) => {
      // To refute a history takes exponentially long in the number of unknown operations: few of them, then.
      const history = historyOfWorkingRegister([...shapes.slice(0, 12), ...shapes.slice(12, 80).map(answered)])
      const end = Math.max(...history.map((it) => (it.known ? it.result : it.call)))
      const stale = [write([end + 1, end + 2], 7), write([end + 3, end + 4], 8), read([end + 5, end + 6], 7)]
      const judgement = judge([...history, ...stale], registers)
      expect(judgement).toMatchObject({ verdict: 'not linearizable', failure: { blocked: stale[2] } })
    }
    fc.assert(fc.property(long, isCaught), { numRuns: 20, seed: 6 })
  })

  test('are looked at about once when they hold', () => {
    const history = Array.from({ length: 20_000 }, (_, index) => write([index, index + 4], index))
    expect(judge(history, registers)).toMatchObject({ verdict: 'linearizable', configurations: 20_000 })
  })
})

describe("Jepsen's logs", () => {
  const log = (...events: string[]) => events.map((event) => `INFO  jepsen.util - ${event}`).join('\n')

  test('tell what happened, what may have, and nothing of what did not', () => {
    const text = log(
      '0\t:invoke\t:read\tnil',
      '1\t:invoke\t:write\t4',
      ':nemesis\t:info\t:start\tnil',
      '0\t:ok\t:read\t4',
      '1\t:info\t:write\t:timed-out',
      '2\t:invoke\t:cas\t[4 2]',
      '2\t:fail\t:cas\t[4 2]',
      '3\t:invoke\t:cas\t[2 1]',
      '3\t:fail\t:cas\t:timed-out',
      '0\t:invoke\t:write\t3',
      '0\t:fail\t:write\t3',
      '0\t:invoke\t:cas\t[nil 0]',
    )
    const facts = { key: 'register', known: true }
    const unknown = { key: 'register', known: false, result: Number.POSITIVE_INFINITY, output: undefined }
    expect(readJepsenLog(`INFO  jepsen.core - Ready\n${text}`)).toEqual({
      ok: true,
      value: [
        { ...facts, process: '0', kind: 'read', input: null, output: 4, call: 2, result: 5 },
        { ...unknown, process: '1', kind: 'write', input: 4, call: 3 },
        { ...facts, process: '2', kind: 'cas', input: { expected: 4, desired: 2 }, output: false, call: 7, result: 8 },
        { ...unknown, process: '3', kind: 'cas', input: { expected: 2, desired: 1 }, call: 9 },
        { ...unknown, process: '0', kind: 'cas', input: { expected: null, desired: 0 }, call: 13 },
      ],
    })
  })

  test('are not guessed at', () => {
    const text = log(
      '0\t:invoke\t:append\t3',
      '1\t:ok\t:read\t3',
      '2\t:invoke\t:write\t3',
      '2\t:invoke\t:read\tnil',
      '2\t:ok\t:write\tthree',
    )
    const read = readJepsenLog(text)
    expect(read.ok ? [] : read.problems.map(({ line }) => line)).toEqual([1, 2, 4, 5])
  })

  const directory = fileURLToPath(new URL('../../../shared/reference/jepsen-etcd-histories/', import.meta.url))
  const present = existsSync(directory)
  if (!present) console.warn(`skipped: Jepsen's etcd logs are not at ${directory}`)

  test.skipIf(!present)('get the verdicts that are known', () => {
    const known = readFileSync(`${directory}verdicts.csv`, 'utf-8').trim().split(/\r?\n/)
    const found = readdirSync(directory)
      .filter((file) => file.endsWith('.log'))
      .sort()
      .map((file) => {
        const history = readJepsenLog(readFileSync(directory + file, 'utf-8'))
        return `${file},${history.ok && verdictOf(history.value) === 'linearizable'}`
      })
    expect(found).toEqual(known)
  })
})

/** The definition, word for word: some operations of unknown outcome left out, every order of the others tried. */
function isLinearizableByBruteForce(history: readonly RegisterOperation[]): boolean {
  const tryOrders = (values: ReadonlyMap<string, RegisterValue>, left: readonly RegisterOperation[]): boolean =>
    left.every(({ known }) => !known) ||
    left.some((next) => {
      const others = left.filter((it) => it !== next)
      const then = after(values.get(next.key) ?? null, next)
      if (then === undefined || others.some((it) => it.known && it.result < next.call)) return false
      return tryOrders(new Map(values).set(next.key, then.state), others)
    })
  return tryOrders(new Map(), history)
}

/** What a register holds after an operation; undefined if it cannot have answered so. */
function after(state: RegisterValue, { kind, input, output, known }: RegisterOperation) {
  if (kind === 'write') return { state: input }
  if (kind === 'read') return !known || output === state ? { state } : undefined
  const holds = state === input.expected
  if (known && output !== holds) return undefined
  return { state: holds ? input.desired : state }
}

/** `order` has all known operations once, others at most once, keeps time, and may have been answered so. */
function expectLegal(history: readonly RegisterOperation[], order: readonly RegisterOperation[]): void {
  expect(new Set(order).size).toBe(order.length)
  expect(order.filter((it) => !history.includes(it))).toEqual([])
  expect(history.filter((it) => it.known && !order.includes(it))).toEqual([])
  let state: RegisterValue = null
  let latestCall = Number.NEGATIVE_INFINITY
  for (const next of order) {
    const then = after(state, next)
    expect(then).toBeDefined()
    expect(next.known && next.result < latestCall).toBe(false)
    state = then!.state
    latestCall = Math.max(latestCall, next.call)
  }
}

/** Operations that take effect one after the other, each asked somewhat before and answered somewhat after. */
function historyOfWorkingRegister(
  shapes: readonly { shape: RegisterOperation; gap: number; lead: number; lag: number }[],
): RegisterOperation[] {
  let state: RegisterValue = null
  let now = 0
  return shapes.map(({ shape, gap, lead, lag }, index) => {
    now += gap
    const span: When = shape.known ? [now - lead, now + lag] : [now - lead]
    // Every other operation without an answer never happens.
    const happens = shape.known || index % 2 === 0
    const before = state
    if (shape.kind === 'read') return read(span, before)
    if (shape.kind === 'write') {
      if (happens) state = shape.input
      return write(span, shape.input)
    }
    const { expected, desired } = shape.input
    if (happens && before === expected) state = desired
    return cas(span, expected, desired, before === expected)
  })
}
