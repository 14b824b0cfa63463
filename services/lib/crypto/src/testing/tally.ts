/** Counts what became of the rows of a vector file; each row that neither passed nor failed is counted under its reason. */
export class Tally {
  passed = 0
  readonly failures: string[] = []
  readonly skipped = new Map<string, number>()

  get skips(): number {
    return this.skipped.values().reduce((sum, count) => sum + count, 0)
  }

  get rows(): number {
    return this.passed + this.failures.length + this.skips
  }

  /** A row fails where `run` throws, counts as skipped where it returns the reason why its result is not ours, and else passes. */
  row(name: string, run: () => string | undefined): void {
    try {
      const reason = run()
      if (reason === undefined) this.passed += 1
      else this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      // What an assertion adds below its message says the same at length.
      this.failures.push(`${name}: ${message.split('\n', 1)[0]}`)
    }
  }

  toString(): string {
    const reasons = [...this.skipped].map(([reason, count]) => ` (${count} ${reason})`).join('')
    return `${this.rows} rows, ${this.passed} passed, ${this.failures.length} failed, ${this.skips} skipped${reasons}`
  }
}
