const CHECK_TIMEOUT_MS = 2_000

export interface HealthReport {
  ready: boolean
  /** Per dependency "ok" or what is wrong. */
  checks: Record<string, string>
}

/** Named checks of what a service depends on; each must answer within two seconds. */
export class Health {
  readonly #checks = new Map<string, () => Promise<void>>()
  #state: 'starting' | 'serving' | 'stopping' = 'starting'

  /** `check` resolves if the dependency answers and throws otherwise. */
  add(name: string, check: () => Promise<void>): void {
    this.#checks.set(name, check)
  }

  serving(): void {
    if (this.#state === 'starting') this.#state = 'serving'
  }

  stopping(): void {
    this.#state = 'stopping'
  }

  async report(): Promise<HealthReport> {
    const entries = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    )
    const checks: Record<string, string> = Object.fromEntries(entries)
    if (this.#state !== 'serving') checks.service = this.#state
    return { ready: Object.values(checks).every((result) => result === 'ok'), checks }
  }
}

async function outcome(check: () => Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS)
  })
  try {
    await Promise.race([check(), late])
    return 'ok'
  } catch (error) {
    return error instanceof Error && error.message !== '' ? error.message : 'failed'
  } finally {
    clearTimeout(timer)
  }
}
