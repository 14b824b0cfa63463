import { type Verdict, VerdictSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { P2pError } from './errors.ts'
import type { Frame } from './frame.ts'
import { readMessage } from './read-message.ts'

/** What a peer is told where we end the connection without blame. */
export const FAREWELLS = {
  SHUTTING_DOWN: 'the node is shutting down',
  NOT_NEEDED: 'the connection is not needed any more',
} as const

/** What a peer said as it turned us away: a Verdict, as P2pError REFUSED with the peer's own code in `data.code`. */
export function readRefusal(frame: Frame): P2pError {
  return ofVerdict(frame, ({ code, detail }) => refusal(code, detail))
}

/** The reason in a Verdict that answers no message of ours: the peer is about to close. Undefined for any other. */
export function farewellOf(frame: Frame): P2pError | undefined {
  return ofVerdict(frame, ({ code, detail, messageId }) => (messageId.length === 0 ? refusal(code, detail) : undefined))
}

/** What `tell` makes of a Verdict, or what is wrong with the payload. */
function ofVerdict<T>(frame: Frame, tell: (verdict: Verdict) => T): T | P2pError {
  try {
    return tell(readMessage(VerdictSchema, frame.payload))
  } catch (error) {
    if (error instanceof P2pError) return error
    throw error
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
