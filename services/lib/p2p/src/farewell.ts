import { fromBinary } from '@bufbuild/protobuf'
import { VerdictSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { P2pError } from './errors.ts'
import type { Frame } from './frame.ts'

/** What a peer is told where we end the connection without blame. */
export const FAREWELLS = {
  SHUTTING_DOWN: 'the node is shutting down',
  NOT_NEEDED: 'the connection is not needed any more',
} as const

/** What a peer said as it turned us away: a Verdict, as P2pError REFUSED with the peer's own code in `data.code`. */
export function readRefusal(frame: Frame): P2pError {
  try {
    const { code, detail } = fromBinary(VerdictSchema, frame.payload)
    return refusal(code, detail)
  } catch (cause) {
    return new P2pError('BAD_PAYLOAD', 'the payload is no Verdict', { cause, score: 50 })
  }
}

/** The reason in a Verdict that answers no message of ours: the peer is about to close. Undefined for any other. */
export function farewellOf(frame: Frame): P2pError | undefined {
  try {
    const { code, detail, messageId } = fromBinary(VerdictSchema, frame.payload)
    return messageId.length === 0 ? refusal(code, detail) : undefined
  } catch (cause) {
    return new P2pError('BAD_PAYLOAD', 'the payload is no Verdict', { cause, score: 50 })
  }
}

/** @param code and detail come from the peer: cut to what a log line takes */
export function refusal(code: string, detail: string): P2pError {
  const said = printable(code, 64)
  return new P2pError('REFUSED', `the peer said ${said}: ${printable(detail, 512)}`, { data: { code: said } })
}

/** Text that a peer chose, without control characters. */
export function printable(text: string, length: number): string {
  return text.slice(0, length).replace(/[^\x20-\x7e]/g, '?')
}
