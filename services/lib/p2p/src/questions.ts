import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import {
  type BlockTransactions,
  BlockTransactionsSchema,
  type CheckAnswer,
  CheckAnswerSchema,
  CheckRequestSchema,
  type CompactBlock,
  CompactBlockSchema,
  GetBlockTransactionsSchema,
  GetCompactBlockSchema,
  GetHeadersSchema,
  GetJobSchema,
  GetOpenJobsSchema,
  GetOutputSchema,
  GetPeersSchema,
  GetProofSchema,
  GetUtxosSchema,
  type Headers,
  HeadersSchema,
  type JobStatements,
  JobStatementsSchema,
  MessageType,
  type OpenJobs,
  OpenJobsSchema,
  type Output,
  OutputSchema,
  type Peers,
  PeersSchema,
  type Proof,
  ProofSchema,
  type Utxos,
  UtxosSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import type { KnownType } from './message-type.ts'
import { readMessage } from './read-message.ts'

/** A question of the peer protocol and its answer: how both are read and written, and how they find each other. */
export interface Question<Init, Answer> {
  readonly type: KnownType
  readonly answerType: KnownType
  readonly encode: (init: Init, requestId: Uint8Array) => Uint8Array
  /** @throws P2pError BAD_PAYLOAD */
  readonly decode: (payload: Uint8Array) => Answer
  /** The request id in an answer; undefined where the type has none and any answer will do. */
  readonly requestIdOf: (answer: Answer) => Uint8Array | undefined
}

type Init<T extends Parameters<typeof create>[0]> = Omit<MessageInitShape<T>, 'requestId' | '$typeName' | '$unknown'>

/** Every question that `request` can ask. */
export const questions = {
  peers: {
    type: MessageType.GET_PEERS,
    answerType: MessageType.PEERS,
    encode: () => toBinary(GetPeersSchema, create(GetPeersSchema)),
    decode: (payload) => readMessage(PeersSchema, payload),
    requestIdOf: () => undefined,
  } satisfies Question<Init<typeof GetPeersSchema>, Peers>,
  headers: {
    type: MessageType.GET_HEADERS,
    answerType: MessageType.HEADERS,
    encode: (init, requestId) => toBinary(GetHeadersSchema, create(GetHeadersSchema, { ...init, requestId })),
    decode: (payload) => readMessage(HeadersSchema, payload),
    requestIdOf: (answer) => answer.requestId,
  } satisfies Question<Init<typeof GetHeadersSchema>, Headers>,
  compactBlock: {
    type: MessageType.GET_COMPACT_BLOCK,
    answerType: MessageType.COMPACT_BLOCK,
    encode: (init, requestId) => toBinary(GetCompactBlockSchema, create(GetCompactBlockSchema, { ...init, requestId })),
    decode: (payload) => readMessage(CompactBlockSchema, payload),
    requestIdOf: (answer) => answer.requestId,
  } satisfies Question<Init<typeof GetCompactBlockSchema>, CompactBlock>,
  blockTransactions: {
    type: MessageType.GET_BLOCK_TRANSACTIONS,
    answerType: MessageType.BLOCK_TRANSACTIONS,
    encode: (init, requestId) =>
      toBinary(GetBlockTransactionsSchema, create(GetBlockTransactionsSchema, { ...init, requestId })),
    decode: (payload) => readMessage(BlockTransactionsSchema, payload),
    requestIdOf: (answer) => answer.requestId,
  } satisfies Question<Init<typeof GetBlockTransactionsSchema>, BlockTransactions>,
  utxos: {
    type: MessageType.GET_UTXOS,
    answerType: MessageType.UTXOS,
    encode: (init, requestId) => toBinary(GetUtxosSchema, create(GetUtxosSchema, { ...init, requestId })),
    decode: (payload) => readMessage(UtxosSchema, payload),
    requestIdOf: (answer) => answer.requestId,
  } satisfies Question<Init<typeof GetUtxosSchema>, Utxos>,
  output: {
    type: MessageType.GET_OUTPUT,
    answerType: MessageType.OUTPUT,
    encode: (init, requestId) => toBinary(GetOutputSchema, create(GetOutputSchema, { ...init, requestId })),
    decode: (payload) => readMessage(OutputSchema, payload),
    requestIdOf: (answer) => answer.requestId,
  } satisfies Question<Init<typeof GetOutputSchema>, Output>,
  proof: {
    type: MessageType.GET_PROOF,
    answerType: MessageType.PROOF,
    encode: (init, requestId) => toBinary(GetProofSchema, create(GetProofSchema, { ...init, requestId })),
    decode: (payload) => readMessage(ProofSchema, payload),
    requestIdOf: (answer) => answer.requestId,
  } satisfies Question<Init<typeof GetProofSchema>, Proof>,
  job: {
    type: MessageType.GET_JOB,
    answerType: MessageType.JOB_STATEMENTS,
    encode: (init, requestId) => toBinary(GetJobSchema, create(GetJobSchema, { ...init, requestId })),
    decode: (payload) => readMessage(JobStatementsSchema, payload),
    requestIdOf: (answer) => answer.requestId,
  } satisfies Question<Init<typeof GetJobSchema>, JobStatements>,
  openJobs: {
    type: MessageType.GET_OPEN_JOBS,
    answerType: MessageType.OPEN_JOBS,
    encode: (init, requestId) => toBinary(GetOpenJobsSchema, create(GetOpenJobsSchema, { ...init, requestId })),
    decode: (payload) => readMessage(OpenJobsSchema, payload),
    requestIdOf: (answer) => answer.requestId,
  } satisfies Question<Init<typeof GetOpenJobsSchema>, OpenJobs>,
  check: {
    type: MessageType.CHECK_REQUEST,
    answerType: MessageType.CHECK_ANSWER,
    encode: (init, requestId) => toBinary(CheckRequestSchema, create(CheckRequestSchema, { ...init, requestId })),
    decode: (payload) => readMessage(CheckAnswerSchema, payload),
    requestIdOf: (answer) => answer.requestId,
  } satisfies Question<Init<typeof CheckRequestSchema>, CheckAnswer>,
}
