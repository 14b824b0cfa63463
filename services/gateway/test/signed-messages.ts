import { create, toBinary } from '@bufbuild/protobuf'
import {
  decodeAcceptance,
  decodeJob,
  decodeTransaction,
  encodeAcceptance,
  encodeJob,
  encodeTransaction,
  hashAcceptance,
  type Job,
  jobId,
} from '@camelid/codec'
import { networkParams, p2pkhScript, STANDARD_FLAGS, signP2pkhInput, verifyInput } from '@camelid/consensus'
import { equalBytes, hash160, sign, verify } from '@camelid/crypto'
import { type Identity, readMessage } from '@camelid/p2p'
import { type AcceptRequest, Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { AcceptanceSchema, JobSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Answer } from './stand-in-pool.ts'

let counter = 0
const fresh = (): Uint8Array => new Uint8Array(32).fill(++counter)

/** A job of `client`, as its message; its funding is signed by the key of `payer`. It was made at `madeMs`, Unix milliseconds. */
export function jobMessage(client: Identity, payer: Identity = client, madeMs = 1): Uint8Array {
  const fundingOutpoint = { txid: fresh(), index: 0 }
  const job: Job = {
    version: 1,
    magic: networkParams('local').magic,
    modelSha256: fresh(),
    modelName: 'm',
    profileSha256: fresh(),
    input: [{ kind: 0, text: 'what a camelid eats' }],
    prefix: [],
    preferredNode: new Uint8Array(33),
    seed: 1n,
    maxTokens: 8,
    temperatureMilli: 0,
    topK: 0,
    topPMicro: 0,
    timestampMs: BigInt(madeMs),
    timelock: 2,
    reward: 1n,
    fee: 1n,
    fundingOutpoint,
    clientKey: client.publicKey,
    clientHost: '',
    clientPort: 0,
  }
  const input = { prevout: fundingOutpoint, scriptSig: new Uint8Array(0), sequence: 0xfffffffe }
  const funding = {
    version: 1,
    vin: [input],
    vout: [{ value: 1n, scriptPubKey: p2pkhScript(payer.h2) }],
    lockTime: 0,
    jobId: jobId(job),
  }
  const signed = { ...input, scriptSig: signP2pkhInput(funding, 0, payer.privateKey, payer.publicKey) }
  return toBinary(
    JobSchema,
    create(JobSchema, { job: encodeJob(job), funding: encodeTransaction({ ...funding, vin: [signed] }) }),
  )
}

/** An acceptance by `node`, as its message. */
export function acceptanceMessage(node: Identity, signer: Identity = node): Uint8Array {
  const acceptance = { jobId: fresh(), nodeKey: node.publicKey, bondOutpoint: { txid: fresh(), index: 0 } }
  const statement = encodeAcceptance(acceptance, sign(hashAcceptance(acceptance), signer.privateKey))
  return toBinary(AcceptanceSchema, create(AcceptanceSchema, { statement }))
}

/** Judges as a job-pool does, as far as signatures go: what it knows already is no news, jobs and acceptances must be signed. */
export function judgeSignatures(): (request: AcceptRequest) => Answer {
  const known = new Set<string>()
  return ({ type, payload }) => {
    const key = Buffer.from(payload).toString('hex')
    if (known.has(key)) return { outcome: Outcome.IGNORE, code: 'KNOWN' }
    if (!isSigned(type, payload)) return { outcome: Outcome.REJECT, score: 20, code: 'BAD_SIGNATURE' }
    known.add(key)
    return { outcome: Outcome.OK }
  }
}

function isSigned(type: number, payload: Uint8Array): boolean {
  if (type === MessageType.ACCEPTANCE) {
    const { statement, signature, hash } = decodeAcceptance(readMessage(AcceptanceSchema, payload).statement)
    return verify(signature, hash, statement.nodeKey)
  }
  return type !== MessageType.JOB || isFunded(payload)
}

/** Is the coin that funds a job spent by its owner, for this job? */
function isFunded(payload: Uint8Array): boolean {
  const { job, funding } = readMessage(JobSchema, payload)
  const tx = decodeTransaction(funding)
  const owner = tx.vin[0]?.scriptSig.slice(-33) ?? new Uint8Array(33)
  const spent = { value: 0n, scriptPubKey: p2pkhScript(hash160(owner)) }
  verifyInput({ tx, index: 0, spent, flags: STANDARD_FLAGS })
  return equalBytes(tx.jobId, jobId(decodeJob(job)))
}
