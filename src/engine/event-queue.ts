import { assert } from '../base/assert.ts'

/**
 * Pending events ordered by (time, sequence): ties are decided by which was scheduled first, never by heap layout.
 *
 * The hot file of the engine. Keys live in typed arrays in a four-ary heap (one cache line holds a node's children),
 * payloads in slots that are reused; comparing keys never touches an object. A handle is slot + generation, so a
 * handle to an event that has already run or was cancelled is recognised as stale. A cancelled event stays in the
 * heap, without payload, until it reaches the top. What is taken out leaves a hole there: mostly the next thing to happen
 * is that its actor plans another event, which then takes the hole and its slot.
 */
export class EventQueue<A, E> {
  #times: Float64Array
  #sequences: Float64Array
  #slots: Int32Array
  /** By slot; there are never more slots than there is room in the heap. */
  #generations: Float64Array
  #size = 0
  #live = 0
  /** Whether the top has been taken out and nothing has taken its place. */
  #hasHole = false
  #actors: (A | undefined)[] = []
  #events: (E | undefined)[] = []
  #free: number[] = []

  /** What the last {@link pop} took out. */
  poppedTime = 0
  poppedActor: A | undefined = undefined
  poppedEvent: E | undefined = undefined

  constructor() {
    const room = roomFor(CAPACITY)
    this.#times = room.times
    this.#sequences = room.sequences
    this.#slots = room.slots
    this.#generations = room.generations
  }

  /** Events that will still run. */
  get size(): number {
    return this.#live
  }

  /** Adds an event. @returns a handle for {@link cancel} */
  push(time: number, sequence: number, actor: A, event: E): number {
    this.#live++
    if (this.#hasHole) {
      this.#hasHole = false
      const slot = this.#slots[0]!
      this.#actors[slot] = actor
      this.#events[slot] = event
      this.#siftDown(time, sequence, slot)
      return this.#generations[slot]! * SLOTS + slot
    }
    if (this.#size === this.#times.length) this.#grow()
    let slot = this.#free.pop()
    if (slot === undefined) {
      slot = this.#actors.length
      this.#actors.push(actor)
      this.#events.push(event)
    } else {
      this.#actors[slot] = actor
      this.#events[slot] = event
    }
    this.#siftUp(this.#size++, time, sequence, slot)
    return this.#generations[slot]! * SLOTS + slot
  }

  /** Removes a pending event. @returns false when it has already run or was cancelled before */
  cancel(handle: number): boolean {
    if (handle < 0) return false
    const slot = handle % SLOTS
    const generation = (handle - slot) / SLOTS
    if (this.#generations[slot] !== generation || this.#actors[slot] === undefined) return false
    this.#actors[slot] = undefined
    this.#events[slot] = undefined
    this.#generations[slot] = generation + 1
    this.#live--
    return true
  }

  /** Time of the earliest pending event, or infinity. */
  peekTime(): number {
    if (this.#live === 0) return Number.POSITIVE_INFINITY
    if (this.#actors[this.#slots[0]!] === undefined) this.#clearTop()
    return this.#times[0]!
  }

  /** Sequence number of the earliest pending event, or infinity: decides ties between two queues. */
  peekSequence(): number {
    if (this.#live === 0) return Number.POSITIVE_INFINITY
    if (this.#actors[this.#slots[0]!] === undefined) this.#clearTop()
    return this.#sequences[0]!
  }

  /** Takes out the earliest event into `popped…`. @returns false when nothing is pending */
  pop(): boolean {
    if (this.#live === 0) return false
    if (this.#actors[this.#slots[0]!] === undefined) this.#clearTop()
    const slot = this.#slots[0]!
    this.poppedTime = this.#times[0]!
    this.poppedActor = this.#actors[slot]
    this.poppedEvent = this.#events[slot]
    this.#actors[slot] = undefined
    this.#events[slot] = undefined
    this.#generations[slot]! += 1
    this.#live--
    this.#hasHole = true
    return true
  }

  /** Takes the hole, or what was cancelled, off the top; something is still pending. */
  #clearTop(): void {
    this.#hasHole = false
    while (this.#size > 0) {
      const slot = this.#slots[0]!
      if (this.#actors[slot] !== undefined) return
      this.#free.push(slot)
      this.#removeTop()
    }
  }

  #removeTop(): void {
    const last = --this.#size
    assert(last >= 0, 'an empty queue has no top')
    if (last > 0) this.#siftDown(this.#times[last]!, this.#sequences[last]!, this.#slots[last]!)
  }

  #grow(): void {
    const room = roomFor(this.#times.length * 2)
    room.times.set(this.#times)
    room.sequences.set(this.#sequences)
    room.slots.set(this.#slots)
    room.generations.set(this.#generations)
    this.#times = room.times
    this.#sequences = room.sequences
    this.#slots = room.slots
    this.#generations = room.generations
  }

  #siftUp(from: number, time: number, sequence: number, slot: number): void {
    const times = this.#times
    const sequences = this.#sequences
    const slots = this.#slots
    let hole = from
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      const parentTime = times[parent]!
      if (parentTime < time || (parentTime === time && sequences[parent]! < sequence)) break
      times[hole] = parentTime
      sequences[hole] = sequences[parent]!
      slots[hole] = slots[parent]!
      hole = parent
    }
    times[hole] = time
    sequences[hole] = sequence
    slots[hole] = slot
  }

  #siftDown(time: number, sequence: number, slot: number): void {
    const times = this.#times
    const sequences = this.#sequences
    const slots = this.#slots
    const size = this.#size
    let hole = 0
    for (;;) {
      const first = (hole << 2) + 1
      if (first >= size) break
      let best: number
      if (first + 3 < size) {
        // Which of four comes first is chance, which no processor foresees: the outcomes are used as numbers, not as branches.
        const left = first + +(times[first + 1]! < times[first]!)
        const right = first + 2 + +(times[first + 3]! < times[first + 2]!)
        best = left + (right - left) * +(times[right]! < times[left]!)
        const isTied =
          times[first] === times[first + 1] || times[first + 2] === times[first + 3] || times[left] === times[right]
        if (isTied) best = this.#earliest(first, first + 4)
      } else best = this.#earliest(first, size)
      const bestTime = times[best]!
      const bestSequence = sequences[best]!
      if (time < bestTime || (time === bestTime && sequence < bestSequence)) break
      times[hole] = bestTime
      sequences[hole] = bestSequence
      slots[hole] = slots[best]!
      hole = best
    }
    times[hole] = time
    sequences[hole] = sequence
    slots[hole] = slot
  }

  /** The place of the earliest in [from, end). */
  #earliest(from: number, end: number): number {
    const times = this.#times
    const sequences = this.#sequences
    let best = from
    for (let place = from + 1; place < end; place++) {
      const earlier = times[place]! < times[best]!
      if (earlier || (times[place] === times[best] && sequences[place]! < sequences[best]!)) best = place
    }
    return best
  }
}

/** Handles are generation × SLOTS + slot: 16 million events pending at once, 2^29 reuses of each slot. */
const SLOTS = 2 ** 24

const CAPACITY = 64

/** All arrays in one buffer: each buffer costs more to get than its few events, and every replication has two queues. */
function roomFor(capacity: number) {
  const buffer = new ArrayBuffer(capacity * (3 * Float64Array.BYTES_PER_ELEMENT + Int32Array.BYTES_PER_ELEMENT))
  const place = capacity * Float64Array.BYTES_PER_ELEMENT
  return {
    times: new Float64Array(buffer, 0, capacity),
    sequences: new Float64Array(buffer, place, capacity),
    generations: new Float64Array(buffer, 2 * place, capacity),
    slots: new Int32Array(buffer, 3 * place, capacity),
  }
}
