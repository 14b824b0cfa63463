import type { JsMsg } from '@nats-io/jetstream'
import type { Scope } from './subjects.ts'

export const TRACE_HEADER = 'Camelid-Trace'
export const REASON_HEADER = 'Camelid-Reason'
const ID_HEADER = 'Nats-Msg-Id'

export interface BusMessage {
  /** Without the network and node. */
  subject: string
  data: Uint8Array
  /** The event id: the same for every copy of it, so consumers can tell a repetition. */
  id: string
  redelivered: boolean
  /** 1 the first time. */
  deliveries: number
  trace: string | undefined
  /** Why a message was given up; on dead letters only. */
  reason: string | undefined
}

export function toBusMessage(scope: Scope, message: JsMsg): BusMessage {
  const header = (name: string): string | undefined => message.headers?.get(name) || undefined
  return {
    subject: message.subject.slice(scope.prefix.length),
    // The client's buffer holds other messages too: keep only this one.
    data: new Uint8Array(message.data),
    id: header(ID_HEADER) ?? `${message.info.stream}:${message.seq}`,
    redelivered: message.redelivered,
    deliveries: message.info.deliveryCount,
    trace: header(TRACE_HEADER),
    reason: header(REASON_HEADER),
  }
}
