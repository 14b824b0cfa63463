import { create, toBinary } from '@bufbuild/protobuf'
import { networkParams } from '@camelid/consensus'
import { generatePrivateKey } from '@camelid/crypto'
import {
  encodeFrame,
  type Frame,
  type Identity,
  identityOf,
  NO_ADDRESS,
  type PeerConnection,
  readMessage,
  Services,
} from '@camelid/p2p'
import { JobState } from '@camelid/proto/jobpool/v1/job_pool_pb'
import {
  GetJobSchema,
  GetOpenJobsSchema,
  JobStatementsSchema,
  MessageType,
  OpenJobsSchema,
  Outcome,
  VerdictSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import type { KeptJob } from './stand-in-pool.ts'
import type { TestGateway } from './test-gateway.ts'

const { magic } = networkParams('local')

/** What a teller says, true or not. */
export interface Tale {
  readonly identity: Identity
  /** Ids of jobs that it says are open. */
  readonly told: readonly Uint8Array[]
  /** The jobs that it has when it is asked for them. */
  readonly jobs: readonly KeptJob[]
  /** What it answers whatever job it is asked for. */
  readonly always: KeptJob | undefined
  /** Bytes that it claims to tell. */
  readonly claim: number
  /** It does not answer. */
  readonly silent: boolean
}

/** A peer that offers to tell of open jobs, and tells what a test wants. */
export class Teller {
  readonly connection: PeerConnection
  readonly identity: Identity
  /** Times that it was asked which jobs are open. */
  questions = 0
  /** Ids of the jobs that it was asked for. */
  readonly asked: Uint8Array[] = []
  readonly #tale: Tale

  private constructor(connection: PeerConnection, tale: Tale) {
    this.connection = connection
    this.identity = tale.identity
    this.#tale = tale
    void this.#answer()
  }

  static async dial(gateway: TestGateway, tale: Partial<Tale>): Promise<Teller> {
    const identity = tale.identity ?? identityOf(generatePrivateKey())
    const services = Services.JOBS | Services.OPEN_JOBS
    const { connection } = await gateway.dial({ identity, services })
    const nothing = { told: [], jobs: [], always: undefined, claim: 0, silent: false }
    return new Teller(connection, { ...nothing, ...tale, identity })
  }

  close(): void {
    this.connection.close('NOT_NEEDED')
  }

  async #answer(): Promise<void> {
    for await (const frame of this.connection.frames) {
      if (frame.type === MessageType.GET_OPEN_JOBS) this.#tellJobs(frame)
      else if (frame.type === MessageType.GET_JOB) this.#tellJob(frame)
    }
  }

  #tellJobs(frame: Frame): void {
    this.questions++
    const { silent, claim, told } = this.#tale
    if (silent) return
    const { requestId } = readMessage(GetOpenJobsSchema, frame.payload)
    const jobs = told.map((jobId) => ({ jobId, state: JobState.CREATED }))
    const payload = toBinary(OpenJobsSchema, create(OpenJobsSchema, { requestId, jobs }))
    if (claim === 0) this.connection.send({ type: MessageType.OPEN_JOBS, payload })
    else this.connection.sendEncoded(MessageType.OPEN_JOBS, this.#claiming(claim))
  }

  /** A frame whose header claims so many bytes. */
  #claiming(bytes: number): Uint8Array {
    const addresses = { sender: this.identity.h2, receiver: NO_ADDRESS, messageId: new Uint8Array(16) }
    const rest = { payload: new Uint8Array(0), ttl: 0, flood: false }
    const frame = encodeFrame({ type: MessageType.OPEN_JOBS, ...addresses, ...rest }, magic)
    new DataView(frame.buffer, frame.byteOffset).setUint32(64, bytes, true)
    return frame
  }

  #tellJob(frame: Frame): void {
    const { requestId, jobId } = readMessage(GetJobSchema, frame.payload)
    this.asked.push(jobId.slice())
    const { always, jobs } = this.#tale
    const job = always ?? jobs.find(({ id }) => Buffer.compare(id, jobId) === 0)
    if (job === undefined) {
      const verdict = create(VerdictSchema, { messageId: frame.messageId, outcome: Outcome.REJECT, code: 'NOT_FOUND' })
      this.connection.send({ type: MessageType.VERDICT, payload: toBinary(VerdictSchema, verdict) })
      return
    }
    const answer = create(JobStatementsSchema, { requestId, state: job.state, statements: [...job.statements] })
    this.connection.send({ type: MessageType.JOB_STATEMENTS, payload: toBinary(JobStatementsSchema, answer) })
  }
}
