import { type ByteReader, ByteWriter, MAX_MONEY, OUT_POINT_BYTES } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import type { AnySql } from '@camelid/store'
import { indexCoin } from '../chain/undo-data.ts'
import type { Report } from '../progress/report.ts'
import { type Coin, insertCoins } from '../store/coins.ts'
import {
  type BondRecord,
  insertBondRecords,
  insertSettlementRecords,
  type SettlementRecord,
} from '../store/state-tables.ts'
import { StateHash } from '../verify/state-hash.ts'
import { RECORD, UNSPENT, writeBond, writeCoin, writeEnd, writeSettlement } from '../verify/state-records.ts'
import type { ByteSource } from './byte-source.ts'
import { MAX_SCRIPT_BYTES, type SnapshotPlace } from './format.ts'
import { type RecordKind, takeRecords } from './import-records.ts'
import { damaged } from './snapshot-error.ts'

/** Within the import's transaction: takes coins, settlement entries and bonds. @throws SnapshotError SNAPSHOT_DAMAGED */
export async function importState(
  sql: AnySql,
  source: ByteSource,
  place: SnapshotPlace,
  report: Report,
): Promise<void> {
  const hash = new StateHash(place)
  let tag = (await source.take(1)).readUInt8()
  const take = async <T>(kind: RecordKind<T>, stage: string): Promise<bigint> => {
    const records = takeRecords(source, tag, kind)
    for (;;) {
      const step = await records.next()
      if (step.done) {
        tag = step.value.tag
        return step.value.count
      }
      hash.update(step.value)
      report({ stage, done: source.offset })
    }
  }
  const coins = await take(coinKind(sql, place.height), 'coins')
  const settlements = await take(settlementKind(sql, place.height), 'settlements')
  const bonds = await take(bondKind(sql, place.height), 'bonds')
  const end = new ByteWriter()
  writeEnd(end, { coins, settlements, bonds })
  const said = Buffer.concat([Buffer.of(tag), await source.take(end.length - 1)])
  if (!equalBytes(said, end.finish())) throw damaged('its state does not end as it should')
  hash.update(said)
  if (!equalBytes(hash.finish(), place.stateHash)) throw damaged('its state does not have the hash it says it has')
}

/** Nothing is younger than the tip. */
function heightWithin(height: number, tip: number): number {
  if (height > tip) throw damaged(`a record of height ${height} lies above its tip`)
  return height
}

function valueWithin(value: bigint): bigint {
  if (value > MAX_MONEY) throw damaged(`a value of ${value} base units is more than all there are`)
  return value
}

const coinKind = (sql: AnySql, tip: number): RecordKind<Coin> => ({
  tag: RECORD.coin,
  fixed: OUT_POINT_BYTES + 17,
  key: OUT_POINT_BYTES,
  read: async (reader, rest) => {
    const outpoint = reader.bytes(OUT_POINT_BYTES)
    const value = valueWithin(reader.u64())
    const height = heightWithin(reader.u32(), tip)
    const coinbase = flag(reader.u8())
    const length = reader.u32()
    if (length > MAX_SCRIPT_BYTES)
      throw damaged(`a script of ${length} bytes, at most ${MAX_SCRIPT_BYTES} are possible`)
    return { outpoint, value, height, coinbase, scriptPubKey: new Uint8Array(await rest(length)) }
  },
  write: writeCoin,
  insert: (coins) => insertCoins(sql, coins.map(indexCoin)),
})

function flag(byte: number): boolean {
  if (byte > 1) throw damaged(`${byte} stands where yes or no is meant`)
  return byte === 1
}

const settlementKind = (sql: AnySql, tip: number): RecordKind<SettlementRecord> => ({
  tag: RECORD.settlement,
  fixed: OUT_POINT_BYTES + 56,
  key: OUT_POINT_BYTES + 52,
  read: (reader) => ({
    outpoint: reader.bytes(OUT_POINT_BYTES),
    jobId: reader.bytes(32),
    h2: reader.bytes(20),
    height: heightWithin(reader.u32(), tip),
  }),
  write: writeSettlement,
  insert: (entries) => insertSettlementRecords(sql, entries),
})

const bondKind = (sql: AnySql, tip: number): RecordKind<BondRecord> => ({
  tag: RECORD.bond,
  fixed: OUT_POINT_BYTES + 53,
  key: OUT_POINT_BYTES,
  read: (reader) => readBond(reader, tip),
  write: writeBond,
  insert: (bonds) => insertBondRecords(sql, bonds),
})

function readBond(reader: ByteReader, tip: number): BondRecord {
  const outpoint = reader.bytes(OUT_POINT_BYTES)
  const nodeKey = reader.bytes(33)
  const value = valueWithin(reader.u64())
  const unbondHeight = reader.u32()
  if (unbondHeight >= 500_000_000) throw damaged('a bond is locked by something else than a height')
  const height = heightWithin(reader.u32(), tip)
  const spent = reader.u32()
  const spentHeight = spent === UNSPENT ? null : heightWithin(spent, tip)
  return { outpoint, nodeKey, value, unbondHeight, height, spentHeight }
}
