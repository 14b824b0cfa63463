import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { bytesToHex, sign } from '@camelid/crypto'
import { loadRegistry } from '@camelid/engine'
import { CodedError, isCoded } from '@camelid/errors'
import type { Frame, PeerConnection } from '@camelid/p2p'
import {
  CheckAnswerSchema,
  CheckKind,
  type CheckRequest,
  CheckRequestSchema,
  MessageType,
  Outcome,
  VerdictSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import { answerQuestion, type Engine, type Finding, hashFinding, type Question, signAnswer } from '@camelid/rastic'
import { MODELS_DIR, type TestFarm } from './test-farm.ts'
import { TestNode } from './test-node.ts'

/**
 * - honest: computes by the real engine
 * - lie: another token than F's, the same from all who lie
 * - collude: whatever the output claims, which the node that made it told
 * - copy: the hashes of an honest neighbour's answer, signed by itself
 * - forge: the right hashes, without its own signature
 * - silent: nothing; lacking: says that it lacks the model
 */
export type Behaviour = 'honest' | 'lie' | 'collude' | 'copy' | 'forge' | 'silent' | 'lacking'

/** What colluders know of outputs, by job id in hex, and what copiers saw. */
export interface Rumours {
  readonly outputs: Map<string, { readonly tokenIds: readonly number[]; readonly text: Uint8Array }>
  lastHashes: Uint8Array[]
}

type Answer = MessageInitShape<typeof CheckAnswerSchema>

/** Nodes that check outputs of the farm for others, each with a key and a socket of its own. */
export async function startCheckers(
  farm: TestFarm,
  engine: Engine,
  behaviours: readonly Behaviour[],
  rumours: Rumours,
): Promise<TestNode[]> {
  return await Promise.all(
    behaviours.map((behaviour, i) => {
      const node = new TestNode(farm.chain, new Uint8Array(32).fill(20 + i))
      node.services = 7n
      node.take = (frame, connection) => {
        if (frame.type !== MessageType.CHECK_REQUEST) return false
        void reply(frame, connection, (request) => answer(request, { farm, engine, behaviour, rumours, node }))
        return true
      }
      return node.listen()
    }),
  )
}

/** What `answering` throws is the refusal, and undefined is silence. */
async function reply(
  frame: Frame,
  connection: PeerConnection,
  answering: (request: CheckRequest) => Promise<Answer | undefined>,
): Promise<void> {
  const request = fromBinary(CheckRequestSchema, frame.payload)
  try {
    const answer = await answering(request)
    if (answer === undefined) return
    const message = create(CheckAnswerSchema, { ...answer, requestId: request.requestId })
    connection.send({ type: MessageType.CHECK_ANSWER, payload: toBinary(CheckAnswerSchema, message) })
  } catch (error) {
    const code = isCoded(error) ? error.code : 'INTERNAL'
    const verdict = create(VerdictSchema, { messageId: frame.messageId, outcome: Outcome.REJECT, code })
    connection.send({ type: MessageType.VERDICT, payload: toBinary(VerdictSchema, verdict) })
  }
}

async function answer(
  request: CheckRequest,
  from: { farm: TestFarm; engine: Engine; behaviour: Behaviour; rumours: Rumours; node: TestNode },
): Promise<Answer | undefined> {
  const { behaviour, rumours, node, engine } = from
  if (behaviour === 'silent') return undefined
  if (behaviour === 'lacking') throw new CodedError('NO_VERIFIER', 'no verifier for the model is alive at this node')
  const kind = request.kind === CheckKind.TOKEN ? 'token' : 'text'
  const question: Question = { kind, nonce: request.nonce, jobId: request.jobId, index: request.tokenIds.length }
  const hashes = behaviour === 'copy' ? rumours.lastHashes : hashFinding(question, await find(request, kind, from))
  if (behaviour === 'honest') rumours.lastHashes = hashes
  const key = behaviour === 'forge' ? new Uint8Array(32).fill(9) : node.identity.privateKey
  const names = { engine: engine.engine, backend: engine.backend }
  return {
    ...names,
    hashes,
    signature: signAnswer(question, { ...names, hashes }, (digest) => sign(digest, key)).signature,
  }
}

async function find(
  { jobId, tokenIds }: CheckRequest,
  kind: Question['kind'],
  { farm, engine, behaviour, rumours }: Parameters<typeof answer>[1],
): Promise<Finding> {
  const id = bytesToHex(jobId)
  if (behaviour === 'lie')
    return kind === 'token' ? { kind, choices: [7] } : { kind, text: Buffer.from('x'), end: 'none' }
  const claimed = rumours.outputs.get(id)
  if (behaviour === 'collude' && claimed !== undefined) {
    if (kind === 'token') return { kind, choices: [claimed.tokenIds[tokenIds.length] ?? -1] }
    const isEnded = engine.model.endOfGeneration(claimed.tokenIds.at(-1) ?? -1)
    return { kind, text: claimed.text, end: isEnded ? 'last' : 'none' }
  }
  const job = farm.seller.jobs.get(id)
  if (job === undefined) throw new CodedError('UNKNOWN_JOB', 'no such job')
  const profile = loadRegistry(MODELS_DIR).models[0]?.profiles[0]?.profile
  return await answerQuestion({ engine, job, jobId, profile, kind, tokenIds, signal: new AbortController().signal })
}
