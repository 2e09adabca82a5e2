import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../src/engine/event-queue.ts'

/** What the queue should do, by sorting: pending events ordered by (time, sequence). */
interface Pending {
  readonly time: number
  readonly sequence: number
  readonly name: string
}

const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('push' as const), time: fc.integer({ min: 0, max: 20 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pop' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }) },
)

describe('the event queue', () => {
  it('gives the same order as sorting by time and sequence, with cancellations in between', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
        const queue = new EventQueue<string, string>()
        let pending: Pending[] = []
        const handles = new Map<string, number>()
        let sequence = 0
        for (const each of commands) {
          if (each.kind === 'push') {
            const name = `event ${sequence}`
            handles.set(name, queue.push(each.time, sequence, 'actor', name))
            pending.push({ time: each.time, sequence: sequence++, name })
          } else if (each.kind === 'pop') {
            pending.sort((a, b) => a.time - b.time || a.sequence - b.sequence)
            const first = pending.shift()
            expect(queue.peekTime()).toBe(first?.time ?? Number.POSITIVE_INFINITY)
            expect(queue.peekSequence()).toBe(first?.sequence ?? Number.POSITIVE_INFINITY)
            expect(queue.pop()).toBe(first !== undefined)
            if (first !== undefined) expect(queue.poppedEvent).toBe(first.name)
          } else if (sequence > 0) {
            const name = `event ${each.which % sequence}`
            const wasPending = pending.some((event) => event.name === name)
            expect(queue.cancel(handles.get(name)!)).toBe(wasPending)
            pending = pending.filter((event) => event.name !== name)
          }
          expect(queue.size).toBe(pending.length)
        }
      }),
      { seed: 42, numRuns: 300 },
    )
  })

  it('recognises the handle of an event that has run, though its slot is used again', () => {
    const queue = new EventQueue<string, string>()
    const first = queue.push(1, 0, 'actor', 'first')
    queue.pop()
    queue.push(2, 1, 'actor', 'second')
    expect(queue.cancel(first)).toBe(false)
    expect(queue.pop()).toBe(true)
    expect(queue.poppedEvent).toBe('second')
  })
})
