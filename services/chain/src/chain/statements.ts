/**
 * Statements of one transaction that are under way, sent without waiting for each other's answers: they reach the database in the order
 * in which they were issued, and cost one round trip together.
 */
export class Statements {
  #sent: Promise<unknown>[] = []

  /** Those not waited for yet. */
  get size(): number {
    return this.#sent.length
  }

  /** The failure of a statement is told by `done`. */
  add(...statements: readonly Promise<unknown>[]): void {
    for (const statement of statements) {
      statement.catch(() => undefined)
      this.#sent.push(statement)
    }
  }

  /** Waits for all of them. @throws what the first that failed throws */
  async done(): Promise<void> {
    const sent = this.#sent
    this.#sent = []
    await Promise.all(sent)
  }
}
