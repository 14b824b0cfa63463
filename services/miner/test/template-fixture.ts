import { encodeTransaction, NULL_JOB_ID, type Transaction, txid } from '@camelid/codec'
import { coinbaseScriptSig, merkleBranch, p2pkhScript } from '@camelid/consensus'
import type { BlockTemplate } from '../src/chain/fetch-template.ts'

/** 1 hash in 2¹⁶ meets it: the floor of `local`, difficulty 2⁻¹⁶. */
export const EASY = new Uint8Array(32).fill(0xff, 28, 30)
/** None meets it. */
export const IMPOSSIBLE = new Uint8Array(32)

function transaction(scriptSig: Uint8Array, index: number): Transaction {
  return {
    version: 1,
    vin: [{ prevout: { txid: new Uint8Array(32), index }, scriptSig, sequence: 0xffffffff }],
    vout: [{ value: 5_000_000_000n, scriptPubKey: p2pkhScript(new Uint8Array(20)) }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
}

/** A template as the chain gives it. `parent` fills the hash of its parent, every byte another. */
export function templateFixture(options: {
  readonly parent: number
  readonly target: Uint8Array
  readonly transactions?: number
}): BlockTemplate {
  const { parent, target, transactions: count = 2 } = options
  const coinbase = encodeTransaction(transaction(coinbaseScriptSig(300, new Uint8Array(8)), 0xffffffff))
  const others = Array.from({ length: count }, (_, i) => transaction(Uint8Array.of(1), i))
  const end = 42 + 3 + 1 + 8
  const header = new Uint8Array(80)
  header.set([1, 0, 0, 0])
  header.set(
    Uint8Array.from({ length: 32 }, (_, i) => (i + parent) & 0xff),
    4,
  )
  header.set([0xff, 0xff, 0x00, 0x1f], 72)
  const work = {
    height: 300,
    header,
    coinbasePrefix: coinbase.slice(0, end - 8),
    coinbaseSuffix: coinbase.slice(end),
    merkleBranch: merkleBranch([new Uint8Array(32), ...others.map((tx) => txid(tx))], 0),
    target,
    time: 1_000_000,
    minTime: 999_000,
    maxTime: 1_000_005,
  }
  return { work, transactions: others.map((tx) => encodeTransaction(tx)) }
}
