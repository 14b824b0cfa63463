import { fileURLToPath } from 'node:url'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type Commitment,
  decodeCommitment,
  decodeDelivery,
  encodeJob,
  encodeTransaction,
  type Signed,
  type Transaction,
  type TxOut,
} from '@camelid/codec'
import { classifyScript, networkParams, p2pkhScript, signP2pkhInput } from '@camelid/consensus'
import { equalBytes, generatePrivateKey, hash160, hexToBytes, publicKeyOf } from '@camelid/crypto'
import { loadRegistry } from '@camelid/engine'
import {
  type BondFacts,
  buildFunding,
  buildPayment,
  type Funding,
  type FundingCoin,
  type JobTerms,
  openDelivery,
} from '@camelid/job'
import type { AcceptResponse, JobPoolService, JobState, JobView } from '@camelid/proto/jobpool/v1/job_pool_pb'
import {
  CommitmentSchema,
  DeliverySchema,
  JobSchema,
  MessageType,
  PaymentSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import type { RpcClient } from '@camelid/rpc'
import { buildSpend, walletKey } from '@camelid/wallet'
import { AcceptStream } from './accept-stream.ts'
import { eventually } from './eventually.ts'
import type { Chain } from './mine.ts'
import type { StandInGateway } from './stand-in-gateway.ts'

const params = networkParams('local')
const registry = loadRegistry(fileURLToPath(new URL('../../../models', import.meta.url)))

/** A client made by hand: it sends what a client sends, and checks what it gets. */
export class TestClient {
  readonly secret = generatePrivateKey()
  readonly publicKey = publicKeyOf(this.secret)
  readonly h2 = hash160(this.publicKey)
  readonly #chain: Chain
  readonly #jobPool: RpcClient<typeof JobPoolService>
  readonly #gateway: StandInGateway
  #stream: AcceptStream | null = null

  constructor(parts: { chain: Chain; jobPool: RpcClient<typeof JobPoolService>; gateway: StandInGateway }) {
    this.#chain = parts.chain
    this.#jobPool = parts.jobPool
    this.#gateway = parts.gateway
  }

  /** Unspent, mature, unreserved coins. */
  async coins(): Promise<FundingCoin[]> {
    const { utxos, tipHeight } = await this.#chain.getUtxos({ h2: this.h2, limit: 500 })
    return utxos.flatMap(({ outpoint, value, height, coinbase, spentInMempool }) => {
      const mature = !coinbase || tipHeight + 1 - height >= params.coinbaseMaturity
      if (outpoint === undefined || spentInMempool || !mature) return []
      const point = { txid: Uint8Array.from(outpoint.txid), index: outpoint.index }
      return [{ outpoint: point, value, privateKey: this.secret, publicKey: this.publicKey }]
    })
  }

  async send(toH2: Uint8Array, value: bigint): Promise<void> {
    await this.spend([{ value, scriptPubKey: p2pkhScript(toH2) }])
  }

  async spend(outputs: readonly TxOut[]): Promise<void> {
    const coins = (await this.coins()).map((coin) => ({ ...coin, h2: this.h2 }))
    const key = walletKey(this.secret)
    const transaction = buildSpend({ coins, outputs, change: this.h2, key, feeRate: 2n })
    await this.#chain.submitTransaction({ transaction: encodeTransaction(transaction) })
  }

  terms(change: Partial<JobTerms> = {}): JobTerms {
    const [model] = registry.models
    if (model === undefined) throw new Error('models.json has no models')
    const now = Date.now()
    return {
      version: 1,
      magic: params.magic,
      modelSha256: hexToBytes(model.sha256),
      modelName: model.name,
      profileSha256: hexToBytes(model.profiles[0]?.sha256 ?? ''),
      input: [{ kind: 0, text: 'Once upon a time, there was a little camel' }],
      prefix: [],
      preferredNode: new Uint8Array(33),
      seed: 7n,
      maxTokens: 24,
      temperatureMilli: 800,
      topK: 0,
      topPMicro: 1_000_000,
      timestampMs: BigInt(now),
      timelock: Math.ceil(now / 1000) + 16,
      reward: 50_000_000n,
      fee: 0n,
      clientKey: this.publicKey,
      clientHost: '',
      clientPort: 0,
      ...change,
    }
  }

  /** Engine and generating backend that the profile of the jobs covers. */
  get profile(): { readonly engine: string; readonly generator: string } {
    const profile = registry.models[0]?.profiles[0]?.profile
    const pair = profile?.pairs[0]
    if (profile === undefined || pair === undefined) throw new Error('models.json has no profile')
    return { engine: profile.engine, generator: pair.generator }
  }

  /** A funded job from the first free coin, or from those given. */
  async fund(change: Partial<JobTerms> = {}, coins?: readonly FundingCoin[]): Promise<Funding> {
    const chosen = coins ?? (await this.coins()).slice(0, 1)
    return buildFunding({ terms: this.terms(change), coins: chosen, changeHash: this.h2, params })
  }

  async tell(type: MessageType, payload: Uint8Array, told = false): Promise<AcceptResponse> {
    this.#stream ??= new AcceptStream(this.#jobPool)
    return await this.#stream.ask(type, payload, told)
  }

  async closeStream(): Promise<void> {
    await this.#stream?.close()
    this.#stream = null
  }

  jobPayload({ job, funding }: Pick<Funding, 'job' | 'funding'>): Uint8Array {
    const message = create(JobSchema, { job: encodeJob(job), funding: encodeTransaction(funding) })
    return toBinary(JobSchema, message)
  }

  async post(funded: Pick<Funding, 'job' | 'funding'>): Promise<AcceptResponse> {
    return await this.tell(MessageType.JOB, this.jobPayload(funded))
  }

  /** The flooded commitment of a job, as bytes and decoded. */
  async commitment(jobId: Uint8Array): Promise<{ payload: Uint8Array; signed: Signed<Commitment> }> {
    const decode = (payload: Uint8Array) => decodeCommitment(fromBinary(CommitmentSchema, payload).statement)
    const fits = (payload: Uint8Array) => equalBytes(decode(payload).statement.jobId, jobId)
    const payload = await this.#gateway.flood(MessageType.COMMITMENT, fits)
    return { payload, signed: decode(payload) }
  }

  async delivery(jobId: Uint8Array): Promise<Uint8Array> {
    const fits = (payload: Uint8Array) => equalBytes(fromBinary(DeliverySchema, payload).jobId, jobId)
    return await this.#gateway.flood(MessageType.DELIVERY, fits)
  }

  /** What the chain says of the bond that a commitment names. */
  async bond({ statement }: Signed<Commitment>): Promise<BondFacts> {
    const { output, spent } = await this.#chain.getOutput({ outpoint: statement.bondOutpoint })
    const script = output === undefined ? null : classifyScript(output.scriptPubKey)
    if (output === undefined || script?.kind !== 'bond') throw new Error('the commitment names no bond')
    const { nodeKey, unbondHeight } = script
    return {
      outpoint: statement.bondOutpoint,
      value: output.value,
      nodeKey,
      unbondHeight,
      height: output.height,
      spent,
    }
  }

  payment({ job, funding }: Funding, { statement }: Signed<Commitment>): Transaction {
    const { rewardHash, nodeKey } = statement
    const sign = (tx: Transaction, index: number) => signP2pkhInput(tx, index, this.secret, this.publicKey)
    return buildPayment({ funding, job, rewardHash, nodeKey, sign })
  }

  async pay(jobId: Uint8Array, commitmentHash: Uint8Array, payment: Transaction): Promise<AcceptResponse> {
    const message = create(PaymentSchema, { jobId, commitmentHash, transaction: encodeTransaction(payment) })
    return await this.tell(MessageType.PAYMENT, toBinary(PaymentSchema, message))
  }

  open(payload: Uint8Array, { job }: Funding, signed: Signed<Commitment>) {
    const delivery = decodeDelivery(fromBinary(DeliverySchema, payload).statement).statement
    const commitment = { ...signed.statement, hash: signed.hash }
    return openDelivery({ delivery, commitment, job, clientSecret: this.secret })
  }

  /** The job once it is in this state. */
  async jobIn(jobId: Uint8Array, state: JobState, withinMs = 30_000): Promise<JobView> {
    return await eventually(
      `job in state ${state}`,
      async () => {
        const { job } = await this.#jobPool.getJob({ jobId })
        return job?.state === state ? job : null
      },
      withinMs,
    )
  }
}
