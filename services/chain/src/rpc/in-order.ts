/** How far answers may lag behind requests. */
export interface Ahead {
  /** Requests being answered at once. */
  readonly count: number
  /** Their bytes together. */
  readonly bytes: number
}

/**
 * Answers requests in their order, starting on those that have come while earlier ones are still being answered. A failure of one ends it.
 * @param answer starts on a request; @param sizeOf bytes that it holds until it is answered
 */
export async function* inOrder<Request, Answer>(
  requests: AsyncIterable<Request>,
  {
    answer,
    sizeOf,
    ahead,
  }: {
    readonly answer: (request: Request) => Promise<Answer>
    readonly sizeOf: (request: Request) => number
    readonly ahead: Ahead
  },
): AsyncGenerator<Answer> {
  const running: { readonly answer: Promise<Answer>; readonly bytes: number }[] = []
  let bytes = 0
  const iterator = requests[Symbol.asyncIterator]()
  let next: Promise<IteratorResult<Request>> | undefined = iterator.next()
  next.catch(nothing)
  try {
    for (;;) {
      const head = running[0]
      if (head === undefined && next === undefined) return
      const full = running.length >= ahead.count || bytes >= ahead.bytes
      const came: IteratorResult<Request> | undefined =
        next === undefined || full
          ? undefined
          : await Promise.race([next, ...(head ? [head.answer.then(nothing)] : [])])
      if (came === undefined) {
        if (head === undefined) continue
        running.shift()
        bytes -= head.bytes
        yield await head.answer
      } else if (came.done === true) next = undefined
      else {
        const started = answer(came.value)
        // It is awaited in its turn, or never, where an earlier one ends it all.
        started.catch(nothing)
        const size = sizeOf(came.value)
        running.push({ answer: started, bytes: size })
        bytes += size
        next = iterator.next()
        next.catch(nothing)
      }
    }
  } finally {
    await iterator.return?.()
  }
}

function nothing(): undefined {
  return undefined
}
