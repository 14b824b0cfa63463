import assert from 'node:assert/strict'
import { ByteReader, decodeBlock, encodeBlock, HEADER_BYTES, txid } from '@camelid/codec'
import { bytesToHex, equalBytes, hexToBytes } from '@camelid/crypto'
import { Tally } from '@camelid/crypto/testing/tally'
import { checkHeaderInIsolation } from '../header/check-header-in-isolation.ts'
import { merkleRoot } from '../merkle/merkle-root.ts'
import { networkParams } from '../params/networks.ts'

/** Bitcoin's limit where it is easiest: which network a block is of, it does not say. */
const ANY_BITCOIN = { ...networkParams('local'), powLimitBits: 0x207fffff }

/** One block of Bitcoin's without witnesses, in binary or in hex: it is read and written again the same, its merkle root and its work hold. */
export function judgeBlock(file: Uint8Array): Tally {
  const tally = new Tally()
  tally.row('the block', () => judge(rawBytes(file)))
  return tally
}

function judge(bytes: Uint8Array): string | undefined {
  if (hasWitness(bytes)) return 'with witnesses'
  const block = decodeBlock(bytes, 'legacy')
  assert.ok(equalBytes(encodeBlock(block, 'legacy'), bytes), 'it is not written again the same')
  const { root, mutated } = merkleRoot(block.transactions.map((tx) => txid(tx, 'legacy')))
  const { merkleRoot: announced } = block.header
  assert.ok(equalBytes(root, announced), `merkle root ${bytesToHex(root)}, the header has ${bytesToHex(announced)}`)
  assert.ok(!mutated, 'its transactions repeat each other')
  checkHeaderInIsolation(block.header, ANY_BITCOIN)
  return undefined
}

/** With or without a byte order mark. */
const HEX = /^(?:\xef\xbb\xbf)?([0-9a-fA-F\s]+)$/

function rawBytes(file: Uint8Array): Uint8Array {
  return unframed(binary(file))
}

function binary(file: Uint8Array): Uint8Array {
  const text = Buffer.from(file).toString('latin1')
  const digits = HEX.exec(text)?.[1]
  return digits === undefined ? file : hexToBytes(digits.replaceAll(/\s/g, ''))
}

const FRAME_BYTES = 8

/** Files of Bitcoin Core's own have before a block 4 bytes that name the network, and its length as u32. */
function unframed(bytes: Uint8Array): Uint8Array {
  if (bytes.length < FRAME_BYTES) return bytes
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true)
  return length === bytes.length - FRAME_BYTES ? bytes.subarray(FRAME_BYTES) : bytes
}

/** Its first transaction has one wherever any has, and begins, after the version, with an empty list and a flag. */
function hasWitness(bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes.subarray(HEADER_BYTES))
  reader.compactSize()
  const first = reader.bytes(Math.min(6, reader.remaining))
  return first[4] === 0 && first[5] === 1
}
