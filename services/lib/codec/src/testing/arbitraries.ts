import { bigIntToBytes32, publicKeyOf } from '@camelid/crypto'
import fc from 'fast-check'
import type { Block } from '../block/block.ts'
import type { BlockHeader } from '../block/header.ts'
import { JOB_LIMITS, JOB_VERSION, type Job } from '../job/job.ts'
import { type OutPoint, outPointKey } from '../transaction/out-point.ts'
import type { Transaction, TxIn, TxOut } from '../transaction/transaction.ts'

// Values for property tests: what honest programs may write, the edges included.

/** Plain objects only: decoders make no others, and objects without a prototype would compare as unequal. */
export const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true })

export const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
export const hash = bytesOf(32)
export const u16 = fc.integer({ min: 0, max: 0xffff })
export const u32 = fc.integer({ min: 0, max: 0xffffffff })
export const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
export const utf8Text = (maxBytes: number) => fc.string({ unit: 'binary', maxLength: Math.floor(maxBytes / 4) })
const script = fc.uint8Array({ maxLength: 300 })

const KEYS = [1n, 2n, 3n, 4n].map((secret) => publicKeyOf(bigIntToBytes32(secret)))
export const publicKey = fc.constantFrom(...KEYS)
export const signature = bytesOf(64)

export const outPoint: fc.Arbitrary<OutPoint> = record({ txid: hash, index: u32 })
const txIn: fc.Arbitrary<TxIn> = record({ prevout: outPoint, scriptSig: script, sequence: u32 })
const txOut: fc.Arbitrary<TxOut> = record({ value: fc.bigInt({ min: 0n, max: 10n ** 15n }), scriptPubKey: script })

export const transaction: fc.Arbitrary<Transaction> = record({
  version: u32,
  vin: fc.uniqueArray(txIn, { maxLength: 5, selector: (input) => outPointKey(input.prevout) }),
  vout: fc.array(txOut, { maxLength: 5 }),
  lockTime: u32,
  jobId: hash,
})

export const header: fc.Arbitrary<BlockHeader> = record({
  version: u32,
  prevHash: hash,
  merkleRoot: hash,
  time: u32,
  bits: u32,
  nonce: u32,
})

export const block: fc.Arbitrary<Block> = record({ header, transactions: fc.array(transaction, { maxLength: 4 }) })

export const job: fc.Arbitrary<Job> = record({
  version: fc.constant(JOB_VERSION),
  magic: bytesOf(4),
  modelSha256: hash,
  modelName: utf8Text(JOB_LIMITS.modelNameBytes),
  profileSha256: hash,
  input: fc.array(record({ kind: fc.constantFrom(0, 1), text: utf8Text(400) }), { maxLength: 4 }),
  prefix: fc.array(u32, { maxLength: 10 }),
  preferredNode: fc.oneof(publicKey, fc.constant(new Uint8Array(33))),
  seed: u64,
  maxTokens: fc.integer({ min: 0, max: JOB_LIMITS.maxTokens }),
  temperatureMilli: fc.integer({ min: 0, max: JOB_LIMITS.temperatureMilli }),
  topK: u32,
  topPMicro: fc.integer({ min: 0, max: JOB_LIMITS.topPMicro }),
  timestampMs: u64,
  timelock: u32,
  reward: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  fee: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  fundingOutpoint: outPoint,
  clientKey: publicKey,
  clientHost: utf8Text(JOB_LIMITS.clientHostBytes),
  clientPort: u16,
})
