import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  decodeCommitment,
  decodeJob,
  decodeTransaction,
  encodeAcceptance,
  encodeCommitment,
  encodeDelivery,
  encodeOpening,
  encodeProgress,
  encodeTransaction,
  hashAcceptance,
  hashCommitment,
  hashDelivery,
  hashProgress,
  type Job,
  jobId,
  outputHash,
  type Transaction,
  txid,
} from '@camelid/codec'
import { bondScript } from '@camelid/consensus'
import { bytesToHex, deliveryEphemeral, deliverySalt, eciesEncrypt, hash160, sign, utf8 } from '@camelid/crypto'
import { buildTestament, checkFunding, checkPayment } from '@camelid/job'
import type { Frame } from '@camelid/p2p'
import {
  AcceptanceSchema,
  CommitmentSchema,
  DeliverySchema,
  JobSchema,
  MessageType,
  PaymentSchema,
  ProgressSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import type { TestNode } from './test-node.ts'

/** What the seller sells: tokens and their text, and who computed them. */
export interface Goods {
  tokenIds: number[]
  text: Uint8Array
  engine: string
  backend: string
}

interface Sale {
  readonly job: Job
  readonly funding: Transaction
  commitment?: { hash: Uint8Array; rewardHash: Uint8Array }
}

/** The selling side of a TestNode: accepts, commits with a bond, takes P, delivers; by the real statements and transactions. */
export class TestSeller {
  readonly node: TestNode
  readonly goods: (job: Job, id: Uint8Array) => Promise<Goods> | Goods
  /** Every payment it was sent, by txid. */
  readonly payments = new Map<string, Transaction>()
  readonly jobs = new Map<string, Job>()
  /** Alters a commitment or a delivery, for tests of what a client refuses. */
  commitmentLie:
    | ((fields: Parameters<typeof encodeCommitment>[0]) => Parameters<typeof encodeCommitment>[0])
    | undefined
  deliveryLie: ((ciphertext: Uint8Array) => Uint8Array) | undefined
  /** Steps it leaves out. */
  readonly silent = new Set<'accept' | 'commit' | 'deliver'>()
  readonly #sales = new Map<string, Sale>()
  readonly #bond: { txid: Uint8Array; index: number; value: bigint; unbondHeight: number }

  constructor(options: { node: TestNode; bondHeight: number; unbondHeight: number; goods: TestSeller['goods'] }) {
    const { node, bondHeight, unbondHeight, goods } = options
    this.node = node
    this.goods = goods
    const [coinbase] = node.chain.at(bondHeight).transactions
    const output = coinbase?.vout[0]
    if (coinbase === undefined || output === undefined) throw new Error('no bond there')
    this.#bond = { txid: txid(coinbase), index: 0, value: output.value, unbondHeight }
    node.judge = (frame) => this.#judge(frame)
  }

  static bondScript(node: TestNode, unbondHeight: number): Uint8Array {
    return bondScript(node.identity.publicKey, unbondHeight)
  }

  #judge(frame: Frame): { code: string; detail: string } | undefined {
    if (frame.type === MessageType.JOB) return this.#takeJob(frame.payload)
    if (frame.type === MessageType.PAYMENT) return this.#takePayment(frame.payload)
    return undefined
  }

  #takeJob(payload: Uint8Array): undefined {
    const message = fromBinary(JobSchema, payload)
    const job = decodeJob(Uint8Array.from(message.job))
    const funding = decodeTransaction(Uint8Array.from(message.funding))
    checkFunding(funding, job, this.node.chain.params)
    const id = bytesToHex(jobId(job))
    if (this.#sales.has(id)) return undefined
    this.#sales.set(id, { job, funding })
    this.jobs.set(id, job)
    queueMicrotask(() => void this.#work(id, job))
  }

  async #work(id: string, job: Job): Promise<void> {
    const { identity } = this.node
    const nodeKey = identity.publicKey
    const bondOutpoint = { txid: this.#bond.txid, index: this.#bond.index }
    const idBytes = jobId(job)
    if (!this.silent.has('accept')) {
      const acceptance = { jobId: idBytes, nodeKey, bondOutpoint }
      const statement = encodeAcceptance(acceptance, sign(hashAcceptance(acceptance), identity.privateKey))
      this.#publish(id, MessageType.ACCEPTANCE, toBinary(AcceptanceSchema, create(AcceptanceSchema, { statement })))
    }
    const goods = await this.goods(job, idBytes)
    const progress = { jobId: idBytes, nodeKey, tokenCount: 1 }
    const told = encodeProgress(progress, sign(hashProgress(progress), identity.privateKey))
    this.#publish(id, MessageType.PROGRESS, toBinary(ProgressSchema, create(ProgressSchema, { statement: told })))
    if (!this.silent.has('commit')) this.#commit(id, job, goods)
  }

  #commit(id: string, job: Job, { tokenIds, text, engine, backend }: Goods): void {
    const { identity, chain } = this.node
    const idBytes = jobId(job)
    const rewardHash = hash160(utf8('reward'))
    const height = chain.tip.height + 3
    const salt = deliverySalt(identity.privateKey, idBytes)
    const { value, unbondHeight } = this.#bond
    const outpoint = { txid: this.#bond.txid, index: this.#bond.index }
    const testament = buildTestament({
      job,
      bond: { outpoint, value, nodeKey: identity.publicKey, unbondHeight },
      height,
      params: chain.params,
      sign: (digest) => sign(digest, identity.privateKey),
    })
    const honest = {
      jobId: idBytes,
      nodeKey: identity.publicKey,
      outputHash: outputHash({ jobId: idBytes, tokenIds, text, salt, rewardHash }),
      rewardHash,
      tokenCount: tokenIds.length,
      engine,
      backend,
      height,
      bondOutpoint: outpoint,
      testament: encodeTransaction(testament),
    }
    const fields = this.commitmentLie?.(honest) ?? honest
    const hash = hashCommitment(fields)
    const statement = encodeCommitment(fields, sign(hash, identity.privateKey))
    const sale = this.#sales.get(id)
    if (sale !== undefined) sale.commitment = { hash, rewardHash }
    this.#goods.set(id, encodeOpening({ tokenIds, text, salt }))
    this.#publish(id, MessageType.COMMITMENT, toBinary(CommitmentSchema, create(CommitmentSchema, { statement })))
  }

  readonly #goods = new Map<string, Uint8Array>()

  #takePayment(payload: Uint8Array): undefined {
    const message = fromBinary(PaymentSchema, payload)
    const id = bytesToHex(message.jobId)
    const sale = this.#sales.get(id)
    if (sale?.commitment === undefined) throw new Error('a payment for nothing')
    const payment = decodeTransaction(Uint8Array.from(message.transaction))
    const { rewardHash } = sale.commitment
    const { identity } = this.node
    checkPayment(payment, { ...sale, commitment: { rewardHash, nodeKey: identity.publicKey } })
    this.payments.set(bytesToHex(txid(payment)), payment)
    if (!this.silent.has('deliver')) this.#deliver(id)
    return undefined
  }

  /** Delivers everything that was paid for, however late. */
  deliverLate(): void {
    for (const [id, { commitment }] of this.#sales) if (commitment !== undefined) this.#deliver(id)
  }

  #deliver(id: string): void {
    const sale = this.#sales.get(id)
    if (sale?.commitment === undefined) return
    const { hash } = sale.commitment
    const { identity } = this.node
    const idBytes = jobId(sale.job)
    const plaintext = this.#goods.get(id) ?? new Uint8Array(0)
    const ephemeralSecret = deliveryEphemeral(identity.privateKey, idBytes)
    const honest = eciesEncrypt({ plaintext, clientKey: sale.job.clientKey, commitmentHash: hash, ephemeralSecret })
    const fields = { commitmentHash: hash, ciphertext: this.deliveryLie?.(honest) ?? honest }
    const statement = encodeDelivery(fields, sign(hashDelivery(fields), identity.privateKey))
    const payload = toBinary(DeliverySchema, create(DeliverySchema, { jobId: idBytes, statement }))
    this.#publish(id, MessageType.DELIVERY, payload)
  }

  #publish(id: string, type: Frame['type'], payload: Uint8Array): void {
    const held = this.node.statements.get(id) ?? []
    this.node.statements.set(id, [...held, { type, payload }])
    this.node.send({ type, payload, flood: true })
  }
}

/** Reads what a commitment on the wire says, for assertions. */
export function readCommitment(payload: Uint8Array) {
  return decodeCommitment(Uint8Array.from(fromBinary(CommitmentSchema, payload).statement)).statement
}
