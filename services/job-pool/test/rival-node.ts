import { create, toBinary } from '@bufbuild/protobuf'
import {
  type Commitment,
  encodeAcceptance,
  encodeCommitment,
  encodeDelivery,
  encodeTransaction,
  hashAcceptance,
  hashCommitment,
  hashDelivery,
  outPointKey,
} from '@camelid/codec'
import { bondScript, networkParams } from '@camelid/consensus'
import { generatePrivateKey, hash160, publicKeyOf, sha256, sign, utf8 } from '@camelid/crypto'
import { type BondOutput, buildTestament, type Funding } from '@camelid/job'
import type { AcceptResponse } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { AcceptanceSchema, CommitmentSchema, DeliverySchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Farm } from './farm.ts'
import { mine } from './mine.ts'

const params = networkParams('local')
const UNBOND_HEIGHT = 50_000

/** Another node with a real bond slot, which says by hand what it likes. */
export class RivalNode {
  readonly secret = generatePrivateKey()
  readonly nodeKey = publicKeyOf(this.secret)
  readonly rewardHash = hash160(this.nodeKey)
  readonly #farm: Farm
  #bond: BondOutput | null = null

  constructor(farm: Farm) {
    this.#farm = farm
  }

  get bond(): BondOutput {
    if (this.#bond === null) throw new Error('the rival has no bond yet')
    return this.#bond
  }

  /** A slot of two coins from the client's coins, aged. */
  async makeBond(unbondHeight = UNBOND_HEIGHT): Promise<void> {
    const { chain, client } = this.#farm
    const value = 200_000_000n
    await client.spend([{ value, scriptPubKey: bondScript(this.nodeKey, unbondHeight) }])
    await mine(chain, client.h2, params.bondAge)
    const [bond] = (await chain.listBonds({ nodeKey: this.nodeKey })).bonds
    if (bond?.outpoint === undefined) throw new Error('the chain lists no bond of the rival')
    const outpoint = { txid: Uint8Array.from(bond.outpoint.txid), index: bond.outpoint.index }
    this.#bond = { outpoint, value, nodeKey: this.nodeKey, unbondHeight }
  }

  async accept(jobId: Uint8Array): Promise<AcceptResponse> {
    const statement = { jobId, nodeKey: this.nodeKey, bondOutpoint: this.bond.outpoint }
    const signed = encodeAcceptance(statement, sign(hashAcceptance(statement), this.secret))
    const payload = toBinary(AcceptanceSchema, create(AcceptanceSchema, { statement: signed }))
    return await this.#farm.client.tell(MessageType.ACCEPTANCE, payload)
  }

  /** A commitment to an output that nobody computed; H is so many blocks ahead. */
  commitment({ job, jobId }: Funding, tipHeight: number, part: Partial<Commitment> & { ahead?: number } = {}) {
    const { ahead = params.delayMax, ...fields } = part
    const height = tipHeight + ahead
    const bond = this.bond
    const testament = buildTestament({ job, bond, height, params, sign: (digest) => sign(digest, this.secret) })
    const { engine, generator } = this.#farm.client.profile
    return {
      jobId,
      nodeKey: this.nodeKey,
      outputHash: sha256(utf8(outPointKey(bond.outpoint))),
      rewardHash: this.rewardHash,
      tokenCount: 4,
      engine,
      backend: generator,
      height,
      bondOutpoint: bond.outpoint,
      testament: encodeTransaction(testament),
      ...fields,
    } satisfies Commitment
  }

  async commit(commitment: Commitment): Promise<AcceptResponse> {
    const statement = encodeCommitment(commitment, sign(hashCommitment(commitment), this.secret))
    const payload = toBinary(CommitmentSchema, create(CommitmentSchema, { statement }))
    return await this.#farm.client.tell(MessageType.COMMITMENT, payload)
  }

  async deliver(commitment: Commitment, ciphertext: Uint8Array): Promise<AcceptResponse> {
    const delivery = { commitmentHash: hashCommitment(commitment), ciphertext }
    const statement = encodeDelivery(delivery, sign(hashDelivery(delivery), this.secret))
    const payload = toBinary(DeliverySchema, create(DeliverySchema, { jobId: commitment.jobId, statement }))
    return await this.#farm.client.tell(MessageType.DELIVERY, payload)
  }

  async tip(): Promise<number> {
    return (await this.#farm.chain.getTip({})).tip?.height ?? 0
  }
}
