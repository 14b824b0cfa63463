/**
 * Works on up to `limit` items of a stream at once and gives each result when it is ready. Work on an item starts in the
 * order of the stream; a source that ends lets what runs finish.
 */
export async function* mapUnordered<T, R>(
  source: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const iterator = source[Symbol.asyncIterator]()
  const running = new Map<number, Promise<{ readonly key: number; readonly value: R }>>()
  let count = 0
  let reading: Promise<{ readonly read: IteratorResult<T> }> | null = null
  let ended = false
  try {
    while (!ended || running.size > 0) {
      if (!ended && reading === null && running.size < limit) reading = iterator.next().then((read) => ({ read }))
      const waiting: Promise<{ readonly read: IteratorResult<T> } | { readonly key: number; readonly value: R }>[] = [
        ...running.values(),
      ]
      if (reading !== null) waiting.push(reading)
      const first = await Promise.race(waiting)
      if ('key' in first) {
        running.delete(first.key)
        yield first.value
        continue
      }
      reading = null
      if (first.read.done === true) {
        ended = true
        continue
      }
      const key = count
      count += 1
      running.set(
        key,
        work(first.read.value).then((value) => ({ key, value })),
      )
    }
  } finally {
    await iterator.return?.()
  }
}
