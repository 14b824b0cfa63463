/** Counts what became of the rows of a vector file; every row that is not run is counted under its reason. */
export class Tally {
  passed = 0
  readonly failures: string[] = []
  readonly skipped = new Map<string, number>()

  skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1)
  }

  /** A row passes where `run` does not throw. */
  row(name: string, run: () => void): void {
    try {
      run()
      this.passed += 1
    } catch (error) {
      this.failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  toString(): string {
    const skips = [...this.skipped].map(([reason, count]) => `, ${count} not ours (${reason})`).join('')
    return `${this.passed} passed, ${this.failures.length} failed${skips}`
  }
}
