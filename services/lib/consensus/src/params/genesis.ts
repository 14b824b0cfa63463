import type { Block, BlockHeader, Transaction } from '@camelid/codec'
import { NULL_JOB_ID, txid } from '@camelid/codec'
import { concatBytes, utf8 } from '@camelid/crypto'
import { pushData, pushNumber } from '../script/push-data.ts'
import { opReturnScript } from '../script/template/op-return.ts'

/** The line that the first block of every network carries in its output; the network's name stands in its input. */
const MESSAGE = 'CamelidCoin: work buys blocks, coins buy answers, and every answer can be checked'

/** 2025-01-01 00:00:00 UTC: before any clock that a node may run under. Block 1 becomes the anchor, so the gap costs nothing. */
const GENESIS_TIME = 1_735_689_600

/**
 * The first block of a network (protocol §1): one coinbase whose single output is unspendable and worth nothing.
 * `nonce` is the first from 0 whose hash meets `bits` (see `mine-genesis.ts`).
 */
export function buildGenesis(network: { name: string; bits: number; nonce: number }): Block {
  const coinbase: Transaction = {
    version: 1,
    vin: [
      {
        prevout: { txid: new Uint8Array(32), index: 0xffffffff },
        scriptSig: concatBytes(pushNumber(0), pushData(utf8(`CamelidCoin ${network.name}`))),
        sequence: 0xffffffff,
      },
    ],
    vout: [{ value: 0n, scriptPubKey: opReturnScript(utf8(MESSAGE)) }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
  const header: BlockHeader = {
    version: 1,
    prevHash: new Uint8Array(32),
    merkleRoot: txid(coinbase),
    time: GENESIS_TIME,
    bits: network.bits,
    nonce: network.nonce,
  }
  return { header, transactions: [coinbase] }
}
