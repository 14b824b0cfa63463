import {
  type Commitment,
  encodeCommitment,
  encodeTransaction,
  hashCommitment,
  type Job,
  type Signed,
  type Transaction,
} from '@camelid/codec'
import { networkParams, signP2pkhInput } from '@camelid/consensus'
import { hash160, publicKeyOf, sha256, sign, utf8 } from '@camelid/crypto'
import { buildFunding, type Funding, type JobTerms } from '../build-funding.ts'
import type { BondFacts } from '../check-commitment.ts'
import { buildPayment } from '../payment.ts'
import { buildTestament } from '../testament.ts'

/** A job with everything around it that a test may bend: fixed keys, so that failures repeat. */
export const params = networkParams('local')
export const NOW_MS = 1_800_000_000_000
export const clientSecret = sha256(utf8('client of tests'))
export const clientKey = publicKeyOf(clientSecret)
export const nodeSecret = sha256(utf8('node of tests'))
export const nodeKey = publicKeyOf(nodeSecret)
export const coinSecret = sha256(utf8('coin of tests'))
export const rewardHash = hash160(publicKeyOf(sha256(utf8('reward of tests'))))
export const TIP = 1_000

export function terms(change: Partial<JobTerms> = {}): JobTerms {
  return {
    version: 1,
    magic: params.magic,
    modelSha256: sha256(utf8('model')),
    modelName: 'camelid-tiny-F16',
    profileSha256: sha256(utf8('profile')),
    input: [{ kind: 0, text: 'Once upon a time' }],
    prefix: [],
    preferredNode: new Uint8Array(33),
    seed: 7n,
    maxTokens: 64,
    temperatureMilli: 800,
    topK: 0,
    topPMicro: 1_000_000,
    timestampMs: BigInt(NOW_MS),
    timelock: NOW_MS / 1000 + 20,
    reward: 10_000_000n,
    fee: 0n,
    clientKey,
    clientHost: '',
    clientPort: 0,
    ...change,
  }
}

export function fund(change: Partial<JobTerms> = {}, values: readonly bigint[] = [5_000_000_000n]): Funding {
  return buildFunding({
    terms: terms(change),
    coins: values.map((value, index) => ({
      outpoint: { txid: sha256(utf8(`coin ${index}`)), index },
      value,
      privateKey: coinSecret,
      publicKey: publicKeyOf(coinSecret),
    })),
    changeHash: hash160(publicKeyOf(coinSecret)),
    params,
  })
}

export function bond(change: Partial<BondFacts> = {}): BondFacts {
  return {
    outpoint: { txid: sha256(utf8('bond')), index: 0 },
    value: 200_000_000n,
    nodeKey,
    unbondHeight: 101_000,
    height: TIP - 50,
    spent: false,
    ...change,
  }
}

export function commitment(
  job: Job,
  id: Uint8Array,
  facts: BondFacts,
  change: Partial<Commitment> = {},
): Signed<Commitment> {
  const height = TIP + 3
  const testament = buildTestament({ job, bond: facts, height, params, sign: (digest) => sign(digest, nodeSecret) })
  const statement: Commitment = {
    jobId: id,
    nodeKey,
    outputHash: sha256(utf8('output')),
    rewardHash,
    tokenCount: 3,
    engine: 'engine 1',
    backend: 'cpu x64',
    height,
    bondOutpoint: facts.outpoint,
    testament: encodeTransaction(testament),
    ...change,
  }
  const hash = hashCommitment(statement)
  const signature = sign(hash, nodeSecret)
  // Encoded once, so that a fixture is never more than the codec allows.
  encodeCommitment(statement, signature)
  return { statement, signature, hash }
}

export function pay(funding: Transaction, job: Job): Transaction {
  const key = publicKeyOf(coinSecret)
  return buildPayment({
    funding,
    job,
    rewardHash,
    nodeKey,
    sign: (tx, index) => signP2pkhInput(tx, index, coinSecret, key),
  })
}
