import {
  decodeAcceptance,
  decodeClaim,
  decodeCommitment,
  decodeCounter,
  decodeDelivery,
  decodeJob,
  decodeProgress,
} from '@camelid/codec'
import { sha256d } from '@camelid/crypto'
import { type Frame, FrameDecoder, HEADER_BYTES, payloadLimit, readMessage } from '@camelid/p2p'
import {
  AcceptanceSchema,
  ClaimSchema,
  CommitmentSchema,
  CounterSchema,
  DeliverySchema,
  JobSchema,
  MessageType,
  ProgressSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import { sampleFrames, schemaOf } from '../../../services/lib/p2p/src/testing/sample-frames.ts'
import { type Target, target } from '../target.ts'

const MAGIC = Uint8Array.of(0xc4, 0x3e, 0x1d, 0x03)
/** Where a header holds its type, flags, message id, length and checksum. */
const [TYPE, FLAGS, MESSAGE_ID, LENGTH, CHECKSUM] = [5, 7, 8, 64, 68]

/** What is inside a message of jobs and statements. */
const INSIDE = new Map<number, (payload: Uint8Array) => unknown>([
  [MessageType.JOB, (payload) => decodeJob(readMessage(JobSchema, payload).job)],
  [MessageType.ACCEPTANCE, (payload) => decodeAcceptance(readMessage(AcceptanceSchema, payload).statement)],
  [MessageType.PROGRESS, (payload) => decodeProgress(readMessage(ProgressSchema, payload).statement)],
  [MessageType.COMMITMENT, (payload) => decodeCommitment(readMessage(CommitmentSchema, payload).statement)],
  [MessageType.DELIVERY, (payload) => decodeDelivery(readMessage(DeliverySchema, payload).statement)],
  [MessageType.CLAIM, (payload) => decodeClaim(readMessage(ClaimSchema, payload).statement)],
  [MessageType.COUNTER, (payload) => decodeCounter(readMessage(CounterSchema, payload).statement)],
])

/** Frames of every type from a stream cut anywhere, each read to its last field; and those whose header is made to fit what it heads. */
export function frameTargets(): Target[] {
  const frames = sampleFrames(MAGIC)
  const [first, second] = [frames.slice(0, 8), frames.slice(8, 16)].map((some) => new Uint8Array(Buffer.concat(some)))
  const streams = [first, second].filter((stream) => stream !== undefined)
  return [
    target({ name: 'frames', samples: [...frames, ...streams], decode: readMessages }),
    target({ name: 'sealed frames', samples: frames, decode: (bytes) => readMessages(seal(bytes)) }),
  ]
}

/** The last byte says where the stream is cut in two. */
function readMessages(bytes: Uint8Array): void {
  const decoder = new FrameDecoder({ magic: MAGIC, limitOf: payloadLimit })
  const cut = Math.min(bytes.length, bytes.at(-1) ?? 0)
  const frames: Frame[] = []
  for (const chunk of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    decoder.push(chunk)
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) frames.push(frame)
  }
  for (const { type, payload } of frames) {
    readMessage(schemaOf(type), payload)
    INSIDE.get(type)?.(payload)
  }
}

/** With the length, the checksum and, in a flood, the id that its payload has: else hardly any changed payload would be read. */
function seal(bytes: Uint8Array): Uint8Array {
  if (bytes.length < HEADER_BYTES) return bytes
  const sealed = bytes.slice()
  const payload = sealed.subarray(HEADER_BYTES)
  new DataView(sealed.buffer).setUint32(LENGTH, payload.length, true)
  sealed.set(sha256d(payload).subarray(0, 4), CHECKSUM)
  const flooded = new Uint8Array([sealed[TYPE] ?? 0, ...payload])
  if (((sealed[FLAGS] ?? 0) & 1) === 1) sealed.set(sha256d(flooded).subarray(0, 16), MESSAGE_ID)
  return sealed
}
