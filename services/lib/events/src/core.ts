import { type Link, reasonOf } from './link.ts'
import { requireFilter, requireSubject } from './subjects.ts'

/** Messages waiting for a slow handler; older ones are dropped beyond that. */
const MAX_PENDING = 1_000

/** Tells whoever listens right now; nothing is stored and nothing confirmed. Dropped while NATS is away. */
export function emit({ connection, scope, log }: Link, subject: string, data: Uint8Array): void {
  if (connection.isClosed()) return
  try {
    connection.publish(scope.prefix + requireSubject(subject), data)
  } catch (error) {
    log.debug({ subject, reason: reasonOf(error) }, 'could not emit')
  }
}

/** Hands over each message emitted from now on, one after the other, until `signal` aborts. A handler's error is logged. */
export function listen(
  { connection, scope, log }: Link,
  filter: string,
  { signal }: { signal: AbortSignal },
  handler: (message: { subject: string; data: Uint8Array }) => Promise<void> | void,
): void {
  const pending: { subject: string; data: Uint8Array }[] = []
  let running = false
  const run = async () => {
    running = true
    for (let message = pending.shift(); message && !signal.aborted; message = pending.shift()) {
      try {
        await handler(message)
      } catch (error) {
        log.warn({ err: error, subject: message.subject }, 'a message was not handled')
      }
    }
    running = false
  }
  const subscription = connection.subscribe(scope.prefix + requireFilter(filter), {
    callback: (error, message) => {
      if (error || signal.aborted) return
      if (pending.length >= MAX_PENDING) pending.shift()
      pending.push({ subject: message.subject.slice(scope.prefix.length), data: new Uint8Array(message.data) })
      if (!running) void run()
    },
  })
  signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true })
}
