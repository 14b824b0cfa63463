import {
  type BlockHeader,
  encodeBlock,
  encodeHeader,
  headerHash,
  NULL_JOB_ID,
  type Transaction,
  txid,
} from '@camelid/codec'
import {
  bitsToTarget,
  childNode,
  coinbaseScriptSig,
  genesisNode,
  type HeaderNode,
  hashToNumber,
  merkleRoot,
  networkParams,
  nextBits,
  subsidy,
} from '@camelid/consensus'
import { bigIntToBytes32 } from '@camelid/crypto'
import { headerWork } from '../../services/miner/src/hash/header-work.ts'
import { createSimdScan } from '../../services/miner/src/hash/wasm/simd-scan.ts'
import { type Coin, keyOf, REWARD_KEY } from './purse.ts'

const PARAMS = networkParams('local')
const NONCES_AT_ONCE = 1 << 16
/** Seconds between the last block and now: no block is ahead of anybody's clock. */
const SAFELY_PAST_S = 60

export interface MadeBlock {
  readonly raw: Uint8Array
  readonly header: Uint8Array
  /** Its reward, to be spent `maturity` blocks later. */
  readonly reward: Coin
}

/** A valid chain of the local network with real work, made without the service, about 60 blocks a second. */
export class ChainMaker {
  readonly maturity = PARAMS.coinbaseMaturity
  readonly #scan = createSimdScan()
  readonly #start: number
  readonly #nonceOf: (height: number) => number | undefined
  #tip: HeaderNode = genesisNode(PARAMS)
  #rewards: Coin[] = []

  /**
   * @param length about how many blocks will be made: they lie a second apart, the last one before now
   * @param known when the first one was made, Unix seconds, and nonces known before, for a chain that is the same at every run
   */
  constructor(length: number, known?: { start: number; nonceOf: (height: number) => number | undefined }) {
    this.#start = known?.start ?? Math.floor(Date.now() / 1000) - length - SAFELY_PAST_S
    this.#nonceOf = known?.nonceOf ?? (() => undefined)
  }

  get height(): number {
    return this.#tip.height
  }

  /** The oldest reward that is mature in the next block and not taken yet. */
  takeReward(): Coin {
    const reward = this.#rewards.shift()
    if (reward === undefined) throw new Error('no reward is mature: make more blocks first')
    return reward
  }

  /** Whether `takeReward` would find one. */
  get hasReward(): boolean {
    return this.#rewards.length > this.maturity
  }

  add(transactions: readonly Transaction[] = []): MadeBlock {
    const parent = this.#tip
    const height = parent.height + 1
    const coinbase = this.#coinbase(height)
    const all = [coinbase, ...transactions]
    const unmined = {
      version: 1,
      prevHash: parent.hash,
      merkleRoot: merkleRoot(all.map((tx) => txid(tx))).root,
      time: this.#start + height,
      bits: nextBits(PARAMS, parent.anchor, { height: parent.height, time: parent.header.time }),
      nonce: 0,
    }
    const header = this.#mined(unmined, height)
    this.#tip = childNode(parent, header, PARAMS)
    const reward = { outpoint: { txid: txid(coinbase), index: 0 }, value: subsidy(height), key: REWARD_KEY }
    this.#rewards.push(reward)
    return { raw: encodeBlock({ header, transactions: all }), header: encodeHeader(header), reward }
  }

  #coinbase(height: number): Transaction {
    const prevout = { txid: new Uint8Array(32), index: 0xffffffff }
    return {
      version: 1,
      vin: [{ prevout, scriptSig: coinbaseScriptSig(height, new Uint8Array(8)), sequence: 0xffffffff }],
      vout: [{ value: subsidy(height), scriptPubKey: keyOf(REWARD_KEY).script }],
      lockTime: 0,
      jobId: NULL_JOB_ID,
    }
  }

  #mined(unmined: BlockHeader, height: number): BlockHeader {
    const known = { ...unmined, nonce: this.#nonceOf(height) ?? 0 }
    if (hashToNumber(headerHash(known)) <= bitsToTarget(known.bits)) return known
    return { ...unmined, nonce: this.#mine(encodeHeader(unmined), unmined.bits) }
  }

  #mine(header: Uint8Array, bits: number): number {
    const work = headerWork(header, bigIntToBytes32(bitsToTarget(bits)).toReversed())
    for (let first = 0; first < 2 ** 32; first += NONCES_AT_ONCE) {
      const nonce = this.#scan(work, first, NONCES_AT_ONCE)
      if (nonce >= 0) return nonce
    }
    throw new Error('no nonce does the work of this header')
  }
}
