import type { Consumer, JsMsg } from '@nats-io/jetstream'
import { PULL_EXPIRES_MS } from './consume.ts'
import { ensureConsumer } from './consumer.ts'
import { type Link, pause, reasonOf } from './link.ts'
import { type BusMessage, toBusMessage } from './message.ts'
import { publish } from './publish.ts'
import { requireSubject } from './subjects.ts'

export type WorkKind = 'work' | 'verify'
const STREAM_OF_KIND = { work: 'WORK', verify: 'VERIFY' } as const
/** Over all workers of one model. */
const MAX_ACK_PENDING = 10_000

export interface PullWorkOptions {
  kind: WorkKind
  /** Hex. */
  modelSha256: string
  /** Items worked on at once; never more are taken from the queue, so that another worker may have them. */
  concurrency: number
  /** Milliseconds of silence after which an item goes to another worker. Beats are sent by themselves, three in that time. */
  ackWaitMs: number
  /** Tries in all, over all workers; then the item goes to `dead.<kind>.<model>`. */
  maxDeliver?: number
  signal: AbortSignal
}

export interface WorkControl {
  /** Says now that the work goes on. */
  beat: () => void
}
export type WorkHandler = (message: BusMessage, control: WorkControl) => Promise<void>

interface Pulling extends Required<PullWorkOptions> {
  link: Link
  handler: WorkHandler
}

/**
 * Works off a queue until `signal` aborts; resolves when the last handler ended, and never rejects. An item is confirmed when its
 * handler resolves; when it throws, or its worker dies, another try follows at once, here or elsewhere.
 */
export async function pullWork(link: Link, options: PullWorkOptions, handler: WorkHandler): Promise<void> {
  const pulling: Pulling = { maxDeliver: 3, ...options, link, handler }
  requireSubject(options.modelSha256)
  // One pull at a time per free slot: an item waits on the server, where every worker can get it, not in a busy one's buffer.
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, () => workSlot(pulling)))
}

async function workSlot(pulling: Pulling): Promise<void> {
  const { link, signal, kind } = pulling
  let consumer: Consumer | undefined
  for (let failures = 0; !signal.aborted; ) {
    try {
      consumer ??= await openQueue(pulling)
      const message = await nextMessage(consumer, signal)
      failures = 0
      if (message) await workOn(pulling, message)
    } catch (error) {
      consumer = undefined
      failures++
      if (!signal.aborted && failures % 10 === 3)
        link.log.warn({ kind, reason: reasonOf(error) }, 'waiting for NATS to get work')
      if (await pause(Math.min(2_000, 50 * 2 ** Math.min(failures, 6)), signal)) return
    }
  }
}

function openQueue({ link, kind, modelSha256, ackWaitMs }: Pulling): Promise<Consumer> {
  return ensureConsumer(link, {
    stream: link.scope.streamName(STREAM_OF_KIND[kind]),
    durable: `${kind}_${modelSha256}`,
    filter: `${link.scope.prefix}${kind}.${modelSha256}`,
    ackWaitMs,
    maxAckPending: MAX_ACK_PENDING,
  })
}

/** Delivered the moment it is there; undefined when none came for a while or the signal aborted. */
async function nextMessage(consumer: Consumer, signal: AbortSignal): Promise<JsMsg | undefined> {
  const messages = await consumer.fetch({ max_messages: 1, expires: PULL_EXPIRES_MS })
  const stop = () => messages.stop()
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    for await (const message of messages) return message
    return undefined
  } finally {
    signal.removeEventListener('abort', stop)
    messages.stop()
  }
}

async function workOn(pulling: Pulling, message: JsMsg): Promise<void> {
  const { link, signal, handler, ackWaitMs, maxDeliver } = pulling
  const item = toBusMessage(link.scope, message)
  if (item.deliveries > maxDeliver) return await giveUp(pulling, message, item, 'its workers died')
  const beat = setInterval(() => message.working(), ackWaitMs / 3).unref()
  try {
    await handler(item, { beat: () => message.working() })
    message.ack()
  } catch (error) {
    if (signal.aborted) return message.nak()
    link.log.warn({ err: error, subject: item.subject, id: item.id, deliveries: item.deliveries }, 'work failed')
    if (item.deliveries >= maxDeliver) await giveUp(pulling, message, item, reasonOf(error))
    else message.nak()
  } finally {
    clearInterval(beat)
  }
}

/** To the dead letters first, off the queue second: a crash between repeats the letter and loses nothing. */
async function giveUp({ link }: Pulling, message: JsMsg, item: BusMessage, reason: string): Promise<void> {
  await publish(link, `dead.${item.subject}`, item.data, { id: `dead:${item.id}`, trace: item.trace, reason })
  message.term()
  link.log.error({ subject: item.subject, id: item.id, reason }, 'work given up')
}
