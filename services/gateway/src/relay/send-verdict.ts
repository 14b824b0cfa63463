import { create, toBinary } from '@bufbuild/protobuf'
import type { Frame } from '@camelid/p2p'
import { MessageType, Outcome, VerdictSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { Peer } from '../peers/peer.ts'
import type { Judgement } from './owner-stream.ts'

/**
 * What the maker of a message is told: taken, known already, or not taken. An owner that refuses without blame says
 * "ignore" with a code; to the maker that is a refusal all the same, and the code says what to mend.
 */
function outcomeOf({ outcome, code }: Pick<Judgement, 'outcome' | 'code'>): Outcome {
  if (outcome === 'ok') return Outcome.OK
  return outcome === 'ignore' && (code === '' || code === 'KNOWN') ? Outcome.IGNORE : Outcome.REJECT
}

/** Tells a peer what became of its message. */
export function sendVerdict(
  peer: Peer,
  answered: Frame,
  judgement: Pick<Judgement, 'outcome' | 'code' | 'detail'>,
): boolean {
  const verdict = create(VerdictSchema, {
    messageId: answered.messageId,
    outcome: outcomeOf(judgement),
    code: judgement.code.slice(0, 64),
    detail: judgement.detail.slice(0, 512),
  })
  return peer.connection.send({ type: MessageType.VERDICT, payload: toBinary(VerdictSchema, verdict) })
}
