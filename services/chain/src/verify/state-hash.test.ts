import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { ByteWriter } from '@camelid/codec'
import { subsidy } from '@camelid/consensus'
import { allSubsidies } from './check-coins.ts'
import { StateHash } from './state-hash.ts'
import { writeBond, writeCoin, writeEnd, writeSettlement } from './state-records.ts'

const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte)

test('the hash of the state is made over the bytes that its description gives', () => {
  const outpoint = filled(36, 0xaa)
  const writer = new ByteWriter()
  writeCoin(writer, { outpoint, value: 5n, height: 6, coinbase: true, scriptPubKey: filled(2, 0x51) })
  writeSettlement(writer, { outpoint, jobId: filled(32, 0xbb), h2: filled(20, 0xcc), height: 7 })
  const bond = { outpoint, nodeKey: filled(33, 2), value: 8n, unbondHeight: 9, height: 10 }
  writeBond(writer, { ...bond, spentHeight: null })
  writeBond(writer, { ...bond, spentHeight: 11 })
  writeEnd(writer, { coins: 1n, settlements: 1n, bonds: 2n })
  const hash = new StateHash({ genesisHash: filled(32, 1), height: 12, tipHash: filled(32, 3) })
  hash.update(writer.finish())

  const hex = [
    Buffer.from('camelid/chain-state/v1').toString('hex'),
    ['00', '01'.repeat(32), '0c000000', '03'.repeat(32)],
    ['01', 'aa'.repeat(36), '0500000000000000', '06000000', '01', '02000000', '5151'],
    ['02', 'aa'.repeat(36), 'bb'.repeat(32), 'cc'.repeat(20), '07000000'],
    ['03', 'aa'.repeat(36), '02'.repeat(33), '0800000000000000', '09000000', '0a000000', 'ffffffff'],
    ['03', 'aa'.repeat(36), '02'.repeat(33), '0800000000000000', '09000000', '0a000000', '0b000000'],
    ['00', '0100000000000000', '0100000000000000', '0200000000000000'],
  ]
  const described = Buffer.from(hex.flat().join(''), 'hex')
  assert.deepEqual(Buffer.from(hash.finish()), createHash('sha256').update(described).digest())
})

test('all subsidies up to a height are the sum of each of them', () => {
  assert.equal(allSubsidies(0), 0n)
  let sum = 0n
  for (let height = 1; height <= 3_000; height++) sum += subsidy(height)
  assert.equal(allSubsidies(3_000), sum)
  for (const height of [1_000_000, 2_000_001, 64_000_000])
    assert.equal(allSubsidies(height) - allSubsidies(height - 1), subsidy(height))
  assert.equal(allSubsidies(999_999), subsidy(1) * 999_999n)
})
