import { setImmediate } from 'node:timers/promises'

/** Longest time in milliseconds that scripts hold up everything else, one input's apart. */
const TURN_MS = 10

/** Gives way to everything else that waits, once a turn is over: the scripts of a full block take seconds. */
export class Turns {
  readonly #turnMs: number
  #since = performance.now()

  constructor(turnMs = TURN_MS) {
    this.#turnMs = turnMs
  }

  async giveWay(): Promise<void> {
    if (performance.now() - this.#since < this.#turnMs) return
    await setImmediate()
    this.#since = performance.now()
  }
}
