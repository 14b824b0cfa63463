import type { MessageInitShape } from '@bufbuild/protobuf'
import { CodedError } from '@camelid/errors'
import {
  type AcceptRequest,
  type CheckRequest,
  type CheckResponseSchema,
  JobPoolService,
  Outcome,
} from '@camelid/proto/jobpool/v1/job_pool_pb'
import { type RpcServer, serveRpc, serviceImpl } from '@camelid/rpc'

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
      throw new CodedError('JOB_NOT_FOUND', 'no such job')
    }
    this.#server = await serveRpc({
      host: '127.0.0.1',
      port: this.port,
      services: [
        serviceImpl(JobPoolService, {
          accept: (requests) => this.#accept(requests),
          getJob: refuse,
          listJobs: refuse,
          listOpenJobs: refuse,
          findMissing: refuse,
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

  async stop(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]()
    this.#server = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
