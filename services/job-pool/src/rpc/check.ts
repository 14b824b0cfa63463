import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { CodedError } from '@camelid/errors'
import type { CheckRequest, CheckResponseSchema } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { CheckKind } from '@camelid/proto/p2p/v1/messages_pb'
import {
  EndOfOutput,
  Question as ProtoQuestion,
  Role,
  VerifyRequestSchema,
  type VerifyResult,
} from '@camelid/proto/work/v1/work_pb'
import {
  CHECK_NONCE_BYTES,
  type EndOfOutput as End,
  type Finding,
  hashFinding,
  type Question,
  signAnswer,
} from '@camelid/rastic'
import { findPaidOutput } from '../checks/find-paid-output.ts'
import type { Pool } from '../pool.ts'

/** A verifier's time for one question, and how much longer its result may be under way; milliseconds. */
const CHECK_MS = 8_000
const WAY_MS = 1_000

const KINDS = new Map<number, { kind: Question['kind']; work: ProtoQuestion }>([
  [CheckKind.TOKEN, { kind: 'token', work: ProtoQuestion.TOKEN }],
  [CheckKind.TEXT, { kind: 'text', work: ProtoQuestion.TEXT }],
])

/**
 * Answers a question of a client without the model, by a verifier of this node, signed with its key (rastic: Outsourced check).
 * @throws CodedError BAD_QUESTION, UNKNOWN_JOB, JOB_NOT_PAID, NO_VERIFIER (naming the model), CHECKS_BUSY, CHECK_TIMEOUT; what the
 *   verifier says it failed by; BusError
 */
export async function check(pool: Pool, request: CheckRequest): Promise<MessageInitShape<typeof CheckResponseSchema>> {
  const asked = KINDS.get(request.kind)
  if (asked === undefined || request.nonce.length !== CHECK_NONCE_BYTES || request.jobId.length !== 32)
    throw new CodedError('BAD_QUESTION', `a question has a kind, a job and a nonce of ${CHECK_NONCE_BYTES} bytes`)
  const { record, tokenCount } = await findPaidOutput(pool, Uint8Array.from(request.jobId))
  const shown = request.tokenIds.length
  if (asked.kind === 'text' ? shown !== tokenCount : shown >= tokenCount)
    throw new CodedError('BAD_QUESTION', `the output has ${tokenCount} tokens, the question shows ${shown}`)
  const model = bytesToHex(record.job.modelSha256)
  if (!pool.workers.alive(Role.VERIFIER).some(({ sha256 }) => sha256 === model))
    throw new CodedError('NO_VERIFIER', `no verifier for model ${record.job.modelName} is alive at this node`)

  const put = async (requestId: Uint8Array): Promise<void> => {
    const item = create(VerifyRequestSchema, {
      requestId,
      job: record.jobBytes,
      tokenIds: request.tokenIds,
      question: asked.work,
      deadlineMs: BigInt(pool.clock.nowMs() + CHECK_MS),
    })
    await pool.bus.enqueueWork('verify', model, bytesToHex(requestId), toBinary(VerifyRequestSchema, item))
  }
  const result = await pool.checks.ask(bytesToHex(request.peer), put, { timeoutMs: CHECK_MS + WAY_MS })
  const { engine, backend, ...found } = findingOf(asked.kind, result)
  const question = { kind: asked.kind, nonce: Uint8Array.from(request.nonce), jobId: record.id, index: shown }
  const hashes = hashFinding(question, found.finding)
  const { signature } = signAnswer(question, { hashes, engine, backend }, pool.keys.sign)
  return { hashes, engine, backend, signature }
}

const ENDS = new Map<EndOfOutput, End>([
  [EndOfOutput.NONE, 'none'],
  [EndOfOutput.LAST, 'last'],
  [EndOfOutput.EARLIER, 'earlier'],
])

/** @throws CodedError with the verifier's own code */
function findingOf(
  kind: Question['kind'],
  { finding, failure }: VerifyResult,
): { finding: Finding; engine: string; backend: string } {
  if (failure !== undefined) throw new CodedError(failure.code, failure.detail)
  if (finding === undefined) throw new CodedError('CHECK_FAILED', 'the verifier answered another question')
  const { choices, text, end, engine, backend } = finding
  if (kind === 'token') return { finding: { kind, choices }, engine, backend }
  return { finding: { kind, text, end: ENDS.get(end) ?? 'none' }, engine, backend }
}
