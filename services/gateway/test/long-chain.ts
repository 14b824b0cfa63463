import { readFileSync } from 'node:fs'
import { encodeBlock, encodeHeader, NULL_JOB_ID, type Transaction, txid } from '@camelid/codec'
import {
  childNode,
  coinbaseScriptSig,
  genesisNode,
  networkParams,
  nextBits,
  p2pkhScript,
  subsidy,
} from '@camelid/consensus'
import { hash160, publicKeyOf } from '@camelid/crypto'
import type { ServedChain } from './chain-peer.ts'

/** Nonces of the 640 empty blocks with which the chain service is tested: their work is done. */
const NONCES = new URL('../../chain/test/long-branch.nonces', import.meta.url)
const PAYEE = hash160(publicKeyOf(new Uint8Array(32).fill(0x11)))

/** The chain of those blocks, the same at every run. */
export function longChain(length: number): ServedChain {
  const params = networkParams('local')
  const nonces = readFileSync(NONCES)
  const chain = { headers: [] as Uint8Array[], blocks: [] as Uint8Array[] }
  let tip = genesisNode(params)
  while (tip.height < length) {
    const height = tip.height + 1
    const coinbase = coinbaseOf(height)
    const header = {
      version: 1,
      prevHash: tip.hash,
      merkleRoot: txid(coinbase),
      time: params.genesis.header.time + 999 + height,
      bits: nextBits(params, tip.anchor, { height: tip.height, time: tip.header.time }),
      nonce: nonces.readUInt32LE(4 * (height - 1)),
    }
    tip = childNode(tip, header, params)
    chain.headers.push(encodeHeader(header))
    chain.blocks.push(encodeBlock({ header, transactions: [coinbase] }))
  }
  return chain
}

/** The only transaction of an empty block. */
export function coinbaseOf(height: number): Transaction {
  const prevout = { txid: new Uint8Array(32), index: 0xffffffff }
  return {
    version: 1,
    vin: [{ prevout, scriptSig: coinbaseScriptSig(height, new Uint8Array(8)), sequence: 0xffffffff }],
    vout: [{ value: subsidy(height), scriptPubKey: p2pkhScript(PAYEE) }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
}
