/** A flag one loop waits for and others raise; raising it twice before it is seen counts once. */
export class Wake {
  #raised = true
  #resolve: (() => void) | undefined

  /** Raised, and not yet seen. */
  get raised(): boolean {
    return this.#raised
  }

  up(): void {
    this.#raised = true
    this.#resolve?.()
  }

  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#raised) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const wake = () => resolve()
      this.#resolve = wake
      const timer = setTimeout(wake, timeoutMs)
      signal.addEventListener('abort', wake, { once: true })
      await promise
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
    }
    this.#raised = false
  }
}
