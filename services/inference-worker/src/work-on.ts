import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import type { Bus, BusMessage } from '@camelid/events'
import {
  type Failure,
  FailureSchema,
  type Output,
  OutputSchema,
  WorkProgressSchema,
  WorkResultSchema,
} from '@camelid/proto/work/v1/work_pb'
import type { Engine, Generated, GenerateRequest } from '@camelid/rastic'
import type { Clock } from '@camelid/runtime'
import { readEnvelope, readJob, type WorkEnvelope, WorkError } from './read-work.ts'

/** Progress is for people to watch: more often than this is noise. */
const PROGRESS_MS = 50
/** Tries of an item over all workers, as the queue counts them; the last one reports its failure. */
const TRIES = 3
/** A timer cannot wait longer. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Faults of the job itself: any worker would meet them. */
const LASTING: readonly string[] = [
  'BAD_JOB',
  'WRONG_MODEL',
  'DEADLINE_PASSED',
  'EMPTY_PROMPT',
  'PROMPT_TOO_LONG',
  'BAD_TOKEN_ID',
  'NO_TOKENS_ASKED',
]

export interface WorkOnArgs {
  readonly bus: Pick<Bus, 'emit' | 'publishResult'>
  readonly engine: Engine
  readonly generate: (request: GenerateRequest) => Promise<Generated>
  readonly modelSha256: string
  readonly workerId: string
  readonly clock: Clock
  /** The service stops: what it holds goes back to the queue. */
  readonly signal: AbortSignal
  /** Ends of jobs, for logs and metrics. */
  readonly onEnd: (end: { jobId: string; outcome: string; tokens: number; detail?: string }) => void
}

/**
 * One work item from queue to result. The result is on its stream before this resolves and the queue forgets the item; a worker
 * that dies in between makes another one repeat the work, and the same output comes twice under one id.
 *
 * @throws what another try may mend, and the reason of `signal`
 */
export async function workOn(args: WorkOnArgs, message: BusMessage): Promise<void> {
  const { bus, workerId, signal, onEnd } = args
  let envelope: WorkEnvelope
  try {
    envelope = readEnvelope(message.data)
  } catch (error) {
    // Without a job to name there is nobody to tell.
    onEnd({ jobId: message.id, outcome: 'BAD_WORK', tokens: 0, detail: String(error) })
    return
  }
  const jobId = bytesToHex(envelope.jobId)
  const result = await generateOrFail(args, envelope).catch((error: unknown) => {
    const failure = failureOf(error, signal)
    if (failure === undefined || (failure.retryable && message.deliveries < TRIES)) throw error
    return { case: 'failure' as const, value: create(FailureSchema, failure) }
  })
  const bytes = toBinary(
    WorkResultSchema,
    create(WorkResultSchema, { jobId: envelope.jobId, worker: workerId, result }),
  )
  // The id of the attempt, so that a new attempt at a job may have a result of its own.
  const options = {
    messageId: `result:${message.id}`,
    ...(message.trace === undefined ? {} : { trace: message.trace }),
  }
  await bus.publishResult('work', jobId, bytes, options)
  onEnd(
    result.case === 'output'
      ? { jobId, outcome: 'output', tokens: result.value.tokenIds.length }
      : { jobId, outcome: result.value.code, tokens: 0, detail: result.value.detail },
  )
}

interface Done {
  readonly case: 'output'
  readonly value: Output
}

async function generateOrFail(args: WorkOnArgs, envelope: WorkEnvelope): Promise<Done> {
  const { engine, generate, clock, modelSha256, signal } = args
  const leftMs = envelope.deadlineMs - clock.nowMs()
  if (leftMs <= 0) throw late()
  const job = readJob(envelope, modelSha256)
  const deadline = AbortSignal.timeout(Math.min(leftMs, MAX_TIMER_MS))
  const both = AbortSignal.any([signal, deadline])
  try {
    const onToken = progressReporter(args, envelope)
    const generated = await generate({ job, jobId: envelope.jobId, signal: both, onToken })
    return { case: 'output', value: toOutput(engine, generated) }
  } catch (error) {
    if (!signal.aborted && deadline.aborted) throw late()
    throw error
  }
}

function toOutput({ engine, backend }: Engine, generated: Generated): Output {
  return create(OutputSchema, {
    tokenIds: [...generated.tokenIds],
    text: generated.text,
    engine,
    backend,
    inputTokens: generated.inputTokens,
    prefillUs: BigInt(generated.prefillUs),
    generateUs: BigInt(generated.generateUs),
  })
}

function progressReporter({ bus, workerId, clock }: WorkOnArgs, { jobId }: WorkEnvelope): (count: number) => void {
  const subject = `progress.${bytesToHex(jobId)}`
  let lastMs = Number.NEGATIVE_INFINITY
  return (tokenCount) => {
    const nowMs = clock.nowMs()
    if (nowMs - lastMs < PROGRESS_MS) return
    lastMs = nowMs
    bus.emit(subject, toBinary(WorkProgressSchema, create(WorkProgressSchema, { jobId, tokenCount, worker: workerId })))
  }
}

function late(): WorkError {
  return new WorkError('DEADLINE_PASSED', 'the deadline of the work passed before it was done')
}

/** Undefined while the service stops: that is no fault of the job. */
function failureOf(error: unknown, signal: AbortSignal): Pick<Failure, 'code' | 'detail' | 'retryable'> | undefined {
  if (signal.aborted) return undefined
  const code = isCoded(error) ? error.code : 'INTERNAL'
  const detail = isCoded(error) ? error.message : 'the worker failed; its log says why'
  return { code, detail, retryable: !LASTING.includes(code) }
}
