/** Waits until `check` gives something true. */
export async function until<T>(what: string, check: () => T | Promise<T>, timeoutMs = 15_000): Promise<NonNullable<T>> {
  const started = performance.now()
  for (;;) {
    const result = await check()
    if (result !== undefined && result !== null && result !== false) return result
    if (performance.now() - started > timeoutMs) throw new Error(`waited ${timeoutMs} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
