import { JetStreamApiError } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import { BusError } from './bus-error.ts'
import { type Link, reasonOf } from './link.ts'
import { REASON_HEADER, TRACE_HEADER } from './message.ts'
import { ensureStreams, MAX_MESSAGE_BYTES } from './streams.ts'
import { requireSubject } from './subjects.ts'

const PUBLISH_TIMEOUT_MS = 3_000

export interface PublishOptions {
  /** The stream stores one message of an id within its window of some minutes. */
  id: string
  trace?: string | undefined
  reason?: string
}

/** Resolves once the stream holds the message. Throws BusError: BUS_UNAVAILABLE, BUS_FULL, MESSAGE_TOO_LARGE, BAD_SUBJECT. */
export async function publish(
  link: Link,
  subject: string,
  data: Uint8Array,
  options: PublishOptions,
): Promise<{ duplicate: boolean }> {
  if (data.length > MAX_MESSAGE_BYTES)
    throw new BusError('MESSAGE_TOO_LARGE', `${data.length} bytes for ${subject}: at most ${MAX_MESSAGE_BYTES} fit`, {
      data: { subject },
    })
  const full = link.scope.prefix + requireSubject(subject)
  try {
    return await send(link, full, data, options)
  } catch (error) {
    if (!isUnstored(error)) throw translate(error, subject)
  }
  // Nobody stores this subject: the server lost its disk, or has just started. Put the streams back and try once more.
  try {
    await ensureStreams(link.manager, link.scope)
    return await send(link, full, data, options)
  } catch (error) {
    throw translate(error, subject)
  }
}

/** No stream took it. The client library names this error but does not export its class. */
const isUnstored = (error: unknown): boolean => error instanceof Error && error.name === 'JetStreamNotEnabled'

async function send(
  link: Link,
  subject: string,
  data: Uint8Array,
  { id, trace, reason }: PublishOptions,
): Promise<{ duplicate: boolean }> {
  const fields = headers()
  if (trace !== undefined) fields.set(TRACE_HEADER, trace)
  if (reason !== undefined) fields.set(REASON_HEADER, reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 500))
  const { duplicate } = await link.client.publish(subject, data, {
    msgID: id,
    timeout: PUBLISH_TIMEOUT_MS,
    headers: fields,
  })
  return { duplicate }
}

function translate(error: unknown, subject: string): BusError {
  const full = error instanceof JetStreamApiError && FULL_CODES.has(error.code)
  const message = full ? `the queue of ${subject} is full` : `NATS did not confirm ${subject}: ${reasonOf(error)}`
  return new BusError(full ? 'BUS_FULL' : 'BUS_UNAVAILABLE', message, { data: { subject }, cause: error })
}

/** Stream store failed for its limits (10077), and resources of the account or server exhausted (10002, 10023, 10028, 10047). */
const FULL_CODES: ReadonlySet<number> = new Set([10_077, 10_002, 10_023, 10_028, 10_047])
