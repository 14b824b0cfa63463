import { randomBytes } from 'node:crypto'
import { equalBytes } from '@camelid/crypto'
import { MessageType, type Verdict, VerdictSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { PeerConnection } from './connection.ts'
import { P2pError } from './errors.ts'
import { refusal } from './farewell.ts'
import { type Frame, floodId } from './frame.ts'
import { ANSWER_TYPES, typeName } from './message-type.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { Question } from './questions.ts'
import { readMessage } from './read-message.ts'

export interface RequestOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks one peer one of `questions` and gives its answer; the request id is made here.
 * @throws P2pError REFUSED (the peer cannot answer; its own code in `data.code`), REQUEST_TIMEOUT, NOT_SENT, BAD_PAYLOAD,
 *   TOO_MANY_REQUESTS, ABORTED, or the reason the connection ended
 */
export async function request<Init, Answer>(
  connection: PeerConnection,
  question: Question<Init, Answer>,
  init: Init,
  options: RequestOptions,
): Promise<Answer> {
  const requestId = randomBytes(8)
  const message = { type: question.type, payload: question.encode(init, requestId), messageId: randomBytes(16) }
  let answer: Answer | undefined
  const matches = (frame: Frame): boolean => {
    if (frame.type === MessageType.VERDICT) return equalBytes(readVerdict(frame).messageId, message.messageId)
    if (frame.type !== question.answerType) return false
    const read = question.decode(frame.payload)
    const id = question.requestIdOf(read)
    if (id !== undefined && !equalBytes(id, requestId)) return false
    answer = read
    return true
  }
  const wait = connection.expect(matches, { what: typeName(question.type), ...options })
  if (ANSWER_TYPES.has(question.answerType)) connection.allowAnswers(question.answerType, 1)
  const frame = await sendAndWait(connection, message, wait)
  if (answer !== undefined) return answer
  const { code, detail } = readVerdict(frame)
  throw refusal(code, detail)
}

/**
 * Sends a job, statement or transaction and gives the peer's Verdict on it, whatever it is.
 * @throws P2pError REQUEST_TIMEOUT, NOT_SENT, TOO_LONG, TOO_MANY_REQUESTS, ABORTED, or the reason the connection ended
 */
export async function submit(
  connection: PeerConnection,
  message: OutgoingMessage,
  options: RequestOptions,
): Promise<Verdict> {
  const messageId =
    message.flood === true ? floodId(message.type, message.payload) : (message.messageId ?? randomBytes(16))
  const matches = (frame: Frame): boolean =>
    frame.type === MessageType.VERDICT && equalBytes(readVerdict(frame).messageId, messageId)
  const wait = connection.expect(matches, { what: typeName(message.type), ...options })
  return readVerdict(await sendAndWait(connection, { ...message, messageId }, wait))
}

async function sendAndWait(connection: PeerConnection, message: OutgoingMessage, wait: Promise<Frame>): Promise<Frame> {
  // Nobody awaits `wait` where sending throws.
  wait.catch(() => undefined)
  if (!connection.send(message))
    throw (
      connection.reason ?? new P2pError('NOT_SENT', 'the send queue to this peer is full: try again, or another peer')
    )
  return await wait
}

function readVerdict(frame: Frame): Verdict {
  return readMessage(VerdictSchema, frame.payload)
}
