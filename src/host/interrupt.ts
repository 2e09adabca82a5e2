import { EXIT } from './failure.ts'
import { writeErr } from './terminal.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Hears Ctrl-C and SIGTERM: the first one asks the run to end, the second ends the process at once. */
export class Interrupt {
  #requested = false
  #isListening = false
  #listener = () => {}
  readonly #onSignal = () => {
    if (this.#requested) process.exit(EXIT.interrupted)
    this.#requested = true
    writeErr('\ninterrupted: keeping what is finished (once more to leave at once)\n')
    this.#listener()
  }

  /** Whether the user asked to stop. */
  get requested(): boolean {
    return this.#requested
  }

  /** Calls `listener` when the user asks to stop; the latest listener only. */
  onRequest(listener: () => void): void {
    this.#listener = listener
  }

  start(): void {
    this.#isListening = true
    for (const signal of SIGNALS) process.on(signal, this.#onSignal)
  }

  /** Signals do again what they do by default. */
  stop(): void {
    this.#isListening = false
    for (const signal of SIGNALS) process.off(signal, this.#onSignal)
  }

  /** Does work that cannot listen and of which nothing could be kept: meanwhile a signal ends the process at once. */
  unheard<T>(work: () => T): T {
    if (!this.#isListening) return work()
    this.stop()
    try {
      return work()
    } finally {
      this.start()
    }
  }
}
