import type { MessageInitShape } from '@bufbuild/protobuf'
import { CodedError } from '@camelid/errors'
import type { KnownType } from '@camelid/p2p'
import {
  type AcceptRequest,
  type CheckRequest,
  type CheckResponseSchema,
  JobPoolService,
  type JobState,
  Outcome,
} from '@camelid/proto/jobpool/v1/job_pool_pb'
import { type RpcServer, serveRpc, serviceImpl } from '@camelid/rpc'

/** A job that it keeps, with what was said of it, as p2p payloads. */
export interface KeptJob {
  readonly id: Uint8Array
  readonly state: JobState
  readonly statements: readonly { readonly type: KnownType; readonly payload: Uint8Array }[]
}

export interface Answer {
  outcome: Outcome
  score?: number
  code?: string
  detail?: string
}

/**
 * A gRPC server in the place of the job-pool that judges as the test wishes: what the gateway does with a verdict must be
 * seen for verdicts that the real one gives only in rare company.
 */
export class StandInPool implements AsyncDisposable {
  readonly port: number
  readonly judged: AcceptRequest[] = []
  answer: (request: AcceptRequest) => Answer = () => ({ outcome: Outcome.OK })
  /** The jobs that are open, by id in hex. */
  readonly jobs = new Map<string, KeptJob>()
  /** Answers questions about outputs. */
  check: (request: CheckRequest) => Promise<MessageInitShape<typeof CheckResponseSchema>> = async () => {
    throw new CodedError('NO_VERIFIER', 'no verifier for the model is alive at this node')
  }
  #server: RpcServer | undefined

  constructor(port: number) {
    this.port = port
  }

  async start(): Promise<this> {
    const refuse = async (): Promise<never> => {
      throw new CodedError('NOT_FOUND', 'no such job')
    }
    const find = (id: Uint8Array): KeptJob | undefined => this.jobs.get(Buffer.from(id).toString('hex'))
    this.#server = await serveRpc({
      host: '127.0.0.1',
      port: this.port,
      services: [
        serviceImpl(JobPoolService, {
          accept: (requests) => this.#accept(requests),
          getJob: async ({ jobId }) => {
            const { state, statements } = find(jobId) ?? (await refuse())
            return { job: { jobId, state }, statements: [...statements] }
          },
          listJobs: refuse,
          listOpenJobs: async () => ({ jobs: [...this.jobs.values()].map(({ id, state }) => ({ jobId: id, state })) }),
          findMissing: async ({ jobs }) => ({
            jobs: jobs.filter(({ jobId, state }) => (find(jobId)?.state ?? -1) < state),
          }),
          getNode: refuse,
          check: (request) => this.check(request),
          watchJobs: async function* () {
            yield* []
          },
        }),
      ],
      log: { error: () => undefined },
    })
    return this
  }

  async *#accept(requests: AsyncIterable<AcceptRequest>) {
    for await (const request of requests) {
      this.judged.push({ ...request, payload: request.payload.slice() })
      yield { id: request.id, ...this.answer(request) }
    }
  }

  /** The payloads that were judged of a type, in order. */
  judgedOf(type: number): Buffer[] {
    return this.judged.filter((request) => request.type === type).map(({ payload }) => Buffer.from(payload))
  }

  async stop(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]()
    this.#server = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
