import { hash } from 'node:crypto'
import { encodeTransaction } from '@camelid/codec'
import { easyParams } from '@camelid/consensus/testing/easy-params'
import { concatBytes, sha256d } from '@camelid/crypto'
import type { ServedChain } from './chain-peer.ts'
import { coinbaseOf } from './long-chain.ts'

const NONE = new Uint8Array()
const { genesis, genesisHash, powLimitBits } = easyParams()

/**
 * Headers from height 1 up, a second apart, as `easyParams` asks for them: thousands in a moment.
 * @param rootOf merkle root of the block at a height
 */
export function easyHeaders(length: number, rootOf: (height: number) => Uint8Array): Uint8Array[] {
  const headers: Uint8Array[] = []
  let parent: Uint8Array = genesisHash
  for (let height = 1; height <= length; height++) {
    const header = Buffer.alloc(80)
    header.writeUInt32LE(1)
    header.set(parent, 4)
    header.set(rootOf(height), 36)
    header.writeUInt32LE(genesis.header.time + 999 + height, 68)
    header.writeUInt32LE(powLimitBits, 72)
    parent = work(header)
    headers.push(header)
  }
  return headers
}

/** A chain of empty blocks. */
export function easyChain(length: number): ServedChain {
  const coinbases = new Map(Array.from({ length }, (_, i) => [i + 1, encodeTransaction(coinbaseOf(i + 1))]))
  // A block with one transaction has its id for a merkle root.
  const headers = easyHeaders(length, (height) => sha256d(coinbases.get(height) ?? NONE))
  const blocks = headers.map((header, i) => concatBytes(header, Uint8Array.of(1), coinbases.get(i + 1) ?? NONE))
  return { headers, blocks }
}

/** Looks for a nonce with which the hash is below 0x7f…, nearly half of all. @returns the hash */
function work(header: Buffer): Buffer {
  for (let nonce = 0; ; nonce++) {
    header.writeUInt32LE(nonce, 76)
    const digest = hash('sha256', hash('sha256', header, 'buffer'), 'buffer')
    if ((digest[31] ?? 0xff) < 0x7f) return digest
  }
}
