import type { FaultListener } from '../cluster/fault-listener.ts'

/** What is wrong at the moment, in the order it began: whom to blame for an outage that begins now. */
export class FaultLog implements FaultListener {
  /** Kind of the fault that began last, whether it is over or not. */
  lastKind = 'start'
  readonly #active: string[] = []
  #lastLabel = ''
  /** What {@link describe} says, while it stays so. */
  #words: string | undefined
  readonly #onChange: (begins: boolean) => void

  /** @param onChange told of each fault that begins (true) or is undone (false) */
  constructor(onChange: (begins: boolean) => void) {
    this.#onChange = onChange
  }

  faultBegan(kind: string, label: string): void {
    this.lastKind = kind
    this.#lastLabel = label
    this.#active.push(label)
    this.#words = undefined
    this.#onChange(true)
  }

  faultEnded(_kind: string, label: string): void {
    const index = this.#active.indexOf(label)
    if (index === this.#active.length - 1) this.#active.pop()
    else if (index !== -1) this.#active.splice(index, 1)
    this.#words = undefined
    this.#onChange(false)
  }

  /** `zone a, then node control-plane-3`: what is active now, oldest first. */
  describe(): string {
    this.#words ??= this.#active.length > 0 ? this.#active.join(', then ') : this.#lastLabel
    return this.#words
  }
}
