import type { JsMsg } from '@nats-io/jetstream'
import { ensureConsumer } from './consumer.ts'
import { type Link, pause, reasonOf } from './link.ts'
import { type BusMessage, toBusMessage } from './message.ts'
import type { StreamName } from './streams.ts'
import { requireFilter, subjectMatches } from './subjects.ts'

/** Also how long a reader may stall after a killed server forgot a confirmation. Beats go out while a handler works. */
const ACK_WAIT_MS = 5_000
/** A killed server forgets its last confirmations and repeats those messages: that many are remembered here. */
const REMEMBERED = 1_024
const MAX_RETRY_MS = 5_000
/** A pull lives this long; the server's heartbeat comes twice within, so a lost server is noticed in seconds. */
export const PULL_EXPIRES_MS = 2_000

export interface ConsumeOptions {
  stream: Exclude<StreamName, 'WORK' | 'VERIFY'>
  /** Names the reader's place in the stream, kept by the server; one per service and purpose. */
  durable: string
  /** Subjects wanted, without network and node; wildcards * and >. */
  filter: readonly string[]
  signal: AbortSignal
  /** 1 (default): strictly in order, the next one only after the last is confirmed. More: handled one by one, repeated out of order. */
  maxInFlight?: number
}

/**
 * Hands over each message until `signal` aborts; resolves then, and never rejects. A message is confirmed when the handler
 * resolves and repeated, a little later, when it throws: for ever, because an event skipped is state lost. A handler must
 * therefore deal itself with what it can never digest.
 */
export async function consume(
  link: Link,
  options: ConsumeOptions,
  handler: (message: BusMessage) => Promise<void>,
): Promise<void> {
  const { stream, durable, filter, signal, maxInFlight = 1 } = options
  const filters = filter.map(requireFilter)
  const only = filters.length === 1 ? filters[0] : undefined
  const spec = {
    stream: link.scope.streamName(stream),
    durable,
    filter: only === undefined ? undefined : link.scope.prefix + only,
    ackWaitMs: ACK_WAIT_MS,
    maxAckPending: maxInFlight,
  }
  // Servers before 2.10 filter by one subject only: the rest is sorted out here.
  const wanted = (subject: string) => only !== undefined || filters.some((one) => subjectMatches(one, subject))
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const consumer = await ensureConsumer(link, spec)
      const messages = await consumer.consume({
        max_messages: Math.max(maxInFlight, 1),
        expires: PULL_EXPIRES_MS,
        abort_on_missing_resource: true,
      })
      const handled = new Set<string>()
      const stop = () => messages.stop()
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      try {
        for await (const message of messages) {
          failures = 0
          await handleOne({ link, message, wanted, handled, signal, handler })
          if (signal.aborted) break
        }
      } finally {
        signal.removeEventListener('abort', stop)
        messages.stop()
      }
    } catch (error) {
      if (!signal.aborted && failures % 10 === 2)
        link.log.warn({ stream, durable, reason: reasonOf(error) }, 'waiting for NATS to consume')
    }
    if (await pause(Math.min(2_000, 100 * 2 ** Math.min(failures, 5)), signal)) return
  }
}

interface Handling {
  link: Link
  message: JsMsg
  wanted: (subject: string) => boolean
  /** Messages handled since the reader was opened, by place and id. */
  handled: Set<string>
  signal: AbortSignal
  handler: (message: BusMessage) => Promise<void>
}

async function handleOne({ link, message, wanted, handled, signal, handler }: Handling): Promise<void> {
  const event = toBusMessage(link.scope, message)
  const key = `${message.seq} ${event.id}`
  if (!wanted(event.subject) || handled.has(key)) return message.ack()
  const beat = setInterval(() => message.working(), ACK_WAIT_MS / 3).unref()
  try {
    await handler(event)
    message.ack()
    remember(handled, key)
  } catch (error) {
    const delay = signal.aborted ? 0 : Math.min(MAX_RETRY_MS, 100 * 2 ** Math.min(event.deliveries - 1, 10))
    message.nak(delay)
    if (!signal.aborted)
      link.log.warn({ err: error, subject: event.subject, deliveries: event.deliveries }, 'an event is tried again')
  } finally {
    clearInterval(beat)
  }
}

function remember(handled: Set<string>, key: string): void {
  handled.add(key)
  if (handled.size <= REMEMBERED) return
  const [oldest] = handled
  if (oldest !== undefined) handled.delete(oldest)
}
