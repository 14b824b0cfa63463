import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { findProfile, type Registry } from '@camelid/engine'
import { isCoded } from '@camelid/errors'
import type { Bus, BusMessage } from '@camelid/events'
import {
  type Failure,
  FailureSchema,
  Question,
  Verdict,
  type VerifyRequest,
  type VerifyResult,
  VerifyResultSchema,
} from '@camelid/proto/work/v1/work_pb'
import { type CheckReport, type CheckVerdict, checkEscalating, type Engine } from '@camelid/rastic'
import type { Clock } from '@camelid/runtime'
import { answer } from './answer.ts'
import { readJob, readRequest } from './read-request.ts'
import { VerifyError } from './verify-error.ts'

/** Tries of a request over all verifiers, as the queue counts them; the last one reports its failure. */
const TRIES = 3
/** A timer cannot wait longer. */
const MAX_TIMER_MS = 2 ** 31 - 1
/** Faults of the request itself: any verifier would meet them. */
const LASTING: readonly string[] = [
  'BAD_JOB',
  'WRONG_MODEL',
  'DEADLINE_PASSED',
  'EMPTY_PROMPT',
  'PROMPT_TOO_LONG',
  'BAD_TOKEN_ID',
  'NO_TOKENS_ASKED',
  'UNKNOWN_PROFILE',
  'BAD_QUESTION',
]

const WIRE_VERDICT: Readonly<Record<CheckVerdict, Verdict>> = {
  VALID: Verdict.VALID,
  INVALID: Verdict.INVALID,
  INCONCLUSIVE: Verdict.INCONCLUSIVE,
}

export interface VerifyArgs {
  readonly bus: Pick<Bus, 'publishResult'>
  readonly engine: Engine
  readonly registry: Registry
  readonly verifierId: string
  readonly clock: Clock
  /** The service stops: what it holds goes back to the queue. */
  readonly signal: AbortSignal
  /** Ends of checks, for logs and metrics. */
  readonly onEnd: (end: { requestId: string; outcome: string; positions: number; detail: string }) => void
}

/**
 * One request from queue to verdict, over all positions, and again token by token where they leave the matter open (rastic: The
 * check). The verdict is on its stream before this resolves and the queue forgets the request.
 *
 * @throws what another try may mend, and the reason of `signal`
 */
export async function verify(args: VerifyArgs, message: BusMessage): Promise<void> {
  const { bus, signal, verifierId, onEnd } = args
  let request: VerifyRequest
  try {
    request = readRequest(message.data)
  } catch (error) {
    // Without an id there is nobody to tell.
    onEnd({ requestId: message.id, outcome: 'BAD_REQUEST', positions: 0, detail: String(error) })
    return
  }
  const requestId = bytesToHex(request.requestId)
  const result = await check(args, request).catch((error: unknown) => {
    const failure = failureOf(error, signal)
    if (failure === undefined || (failure.retryable && message.deliveries < TRIES)) throw error
    return create(VerifyResultSchema, {
      verdict: Verdict.INCONCLUSIVE,
      reason: failure.detail,
      firstDivergence: -1,
      failure,
    })
  })
  result.requestId = request.requestId
  result.verifier = verifierId
  const options = {
    messageId: `result:${message.id}`,
    ...(message.trace === undefined ? {} : { trace: message.trace }),
  }
  await bus.publishResult('verify', requestId, toBinary(VerifyResultSchema, result), options)
  const outcome = result.failure?.code ?? verdictName(result.verdict)
  onEnd({ requestId, outcome, positions: result.positionsChecked, detail: result.reason })
}

async function check({ engine, registry, clock, signal }: VerifyArgs, request: VerifyRequest): Promise<VerifyResult> {
  const leftMs = Number(request.deadlineMs) - clock.nowMs()
  if (leftMs <= 0) throw late()
  const { job, id } = readJob(request.job, engine.model.sha256)
  const deadline = AbortSignal.timeout(Math.min(leftMs, MAX_TIMER_MS))
  const asked = {
    engine,
    job,
    jobId: id,
    tokenIds: request.tokenIds,
    profile: findProfile(registry, engine.model.sha256, bytesToHex(job.profileSha256)),
    signal: AbortSignal.any([signal, deadline]),
  }
  try {
    if (request.question !== Question.UNSPECIFIED) return await answer(asked, request.question)
    const generator = { engine: request.engine, backend: request.backend }
    return toResult(await checkEscalating({ ...asked, text: request.text, generator }))
  } catch (error) {
    if (!signal.aborted && deadline.aborted) throw late()
    throw error
  }
}

function toResult(report: CheckReport): VerifyResult {
  return create(VerifyResultSchema, {
    verdict: WIRE_VERDICT[report.verdict],
    reason: report.reason,
    positionsChecked: report.positionsChecked,
    misses: report.misses,
    nearTies: report.nearTies,
    maxMargin: report.maxMargin,
    firstDivergence: report.firstDivergence,
    verifyUs: BigInt(report.verifyUs),
  })
}

function verdictName(verdict: Verdict): string {
  const known = Object.entries(WIRE_VERDICT).find(([, wire]) => wire === verdict)
  return known?.[0] ?? 'UNSPECIFIED'
}

function late(): VerifyError {
  return new VerifyError('DEADLINE_PASSED', 'the deadline of the check passed before it was done')
}

/** Undefined while the service stops: that is no fault of the request. */
function failureOf(error: unknown, signal: AbortSignal): Failure | undefined {
  if (signal.aborted) return undefined
  const code = isCoded(error) ? error.code : 'INTERNAL'
  const detail = isCoded(error) ? error.message : 'the verifier failed; its log says why'
  return create(FailureSchema, { code, detail, retryable: !LASTING.includes(code) })
}
