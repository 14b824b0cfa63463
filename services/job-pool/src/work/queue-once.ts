/** Work that is on its queue already, by job: put there until the queue takes it, and then no more. */
export class QueueOnce {
  readonly #taken = new Map<string, Set<string>>()

  /**
   * Enqueues unless that was done since this service started; after a start the queue itself notices what it has. Throws
   * what `enqueue` throws, and then does it again when asked again. `key` names kind and attempt.
   */
  async put(jobHex: string, key: string, enqueue: () => Promise<void>): Promise<void> {
    const taken = this.#taken.get(jobHex) ?? new Set<string>()
    if (taken.has(key)) return
    await enqueue()
    this.#taken.set(jobHex, taken.add(key))
  }

  forget(jobHex: string): void {
    this.#taken.delete(jobHex)
  }
}
