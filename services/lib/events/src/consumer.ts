import {
  AckPolicy,
  type Consumer,
  type ConsumerConfig,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import type { Link } from './link.ts'
import { ensureStreams } from './streams.ts'

interface ConsumerSpec {
  /** Full stream name. */
  stream: string
  durable: string
  /** Full subject, or undefined for the whole stream. */
  filter: string | undefined
  ackWaitMs: number
  /** Messages handed out and not yet confirmed, over all who share the consumer. */
  maxAckPending: number
}

/** Finds or creates the durable consumer, and the streams if they are gone; its limits follow the caller's. */
export async function ensureConsumer(link: Link, spec: ConsumerSpec): Promise<Consumer> {
  const wanted: Partial<ConsumerConfig> = {
    ack_wait: nanos(spec.ackWaitMs),
    max_ack_pending: spec.maxAckPending,
  }
  const existing = await infoOrMissing(link, spec)
  if (existing === undefined) {
    await link.manager.consumers.add(spec.stream, {
      durable_name: spec.durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ...(spec.filter === undefined ? {} : { filter_subject: spec.filter }),
      ...wanted,
    })
  } else if (existing.ack_wait !== wanted.ack_wait || existing.max_ack_pending !== wanted.max_ack_pending) {
    await link.manager.consumers.update(spec.stream, spec.durable, wanted)
  }
  return await link.client.consumers.get(spec.stream, spec.durable)
}

async function infoOrMissing(link: Link, { stream, durable }: ConsumerSpec): Promise<ConsumerConfig | undefined> {
  try {
    return (await link.manager.consumers.info(stream, durable)).config
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error
    if (error.code === JetStreamApiCodes.ConsumerNotFound) return undefined
    if (error.code !== JetStreamApiCodes.StreamNotFound) throw error
    await ensureStreams(link.manager, link.scope)
    return undefined
  }
}
