/** How a long task speaks to whoever started it. */
export interface Telling<T> {
  /** Resolves when the reader took it. @throws where the reader is gone */
  readonly say: (message: T) => Promise<void>
  /** For progress: what the reader has not taken yet is replaced by it. */
  readonly mention: (message: T) => void
  /** Aborts when the reader is gone. */
  readonly signal: AbortSignal
}

/** Runs `work` and gives what it tells, in order; ends when it ends, fails as it fails. A reader that leaves aborts it. */
export async function* toldBy<T>(
  work: (telling: Telling<T>) => Promise<void>,
  callerGone: AbortSignal,
): AsyncGenerator<T> {
  const left = new AbortController()
  const said: { readonly message: T; readonly taken: () => void }[] = []
  /** Says that the reader came back for more than it has in hand. */
  let inHand: (() => void) | undefined
  let mentioned: T | undefined
  let wake: (() => void) | undefined
  let outcome: { readonly error?: unknown } | undefined
  const leave = () => {
    left.abort(new Error('nobody listens any more'))
    for (const { taken } of said) taken()
    inHand?.()
    wake?.()
  }
  callerGone.addEventListener('abort', leave, { once: true })
  if (callerGone.aborted) leave()
  const telling: Telling<T> = {
    signal: left.signal,
    say: async (message) => {
      left.signal.throwIfAborted()
      await new Promise<void>((taken) => {
        said.push({ message, taken })
        wake?.()
      })
      left.signal.throwIfAborted()
    },
    mention: (message) => {
      mentioned = message
      wake?.()
    },
  }
  const over = work(telling)
    .then(
      () => ({}),
      (error: unknown) => ({ error }),
    )
    .then((how) => {
      outcome = how
      wake?.()
    })
  try {
    while (!left.signal.aborted) {
      const next = said.shift()
      if (next !== undefined) {
        inHand = next.taken
        yield next.message
        inHand = undefined
        next.taken()
      } else if (mentioned !== undefined) {
        const message = mentioned
        mentioned = undefined
        yield message
      } else if (outcome !== undefined) {
        if ('error' in outcome) throw outcome.error
        return
      } else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    callerGone.removeEventListener('abort', leave)
    leave()
    await over
  }
}
