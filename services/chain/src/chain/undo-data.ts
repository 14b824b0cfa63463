import { ByteReader, ByteWriter, CodecError } from '@camelid/codec'
import { classifyScript } from '@camelid/consensus'
import type { Coin, IndexedCoin } from '../store/coins.ts'

/** What a block spent, in order: count · (outpoint 36 · value u64 · height u32 · coinbase u8 · script bytes). */
export function encodeUndo(spent: readonly Coin[]): Uint8Array {
  const writer = new ByteWriter()
  writer.compactSize(spent.length)
  for (const coin of spent) {
    writer
      .bytes(coin.outpoint)
      .u64(coin.value)
      .u32(coin.height)
      .u8(coin.coinbase ? 1 : 0)
      .varBytes(coin.scriptPubKey)
  }
  return writer.finish()
}

/** @throws CodecError where the database was damaged. */
export function decodeUndo(bytes: Uint8Array): Coin[] {
  const reader = new ByteReader(bytes)
  const count = reader.count(50)
  const spent: Coin[] = []
  for (let i = 0; i < count; i++) {
    const outpoint = reader.bytes(36)
    const value = reader.u64()
    const height = reader.u32()
    const coinbase = readFlag(reader)
    spent.push({ outpoint, value, height, coinbase, scriptPubKey: reader.varBytes() })
  }
  reader.end()
  return spent
}

function readFlag(reader: ByteReader): boolean {
  const flag = reader.u8()
  if (flag > 1) throw new CodecError('OUT_OF_RANGE', `A flag of undo data is ${flag}, neither 0 nor 1.`)
  return flag === 1
}

/** A coin as the address index files it. */
export function indexCoin(coin: Coin): IndexedCoin {
  const script = classifyScript(coin.scriptPubKey)
  return { ...coin, h2: script.kind === 'p2pkh' ? script.h2 : null }
}
