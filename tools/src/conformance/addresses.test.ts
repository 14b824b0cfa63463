import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base58CheckEncode, encodeAddress } from '@camelid/codec'
import { bytesToHex, concatBytes, hexToBytes } from '@camelid/crypto'
import { judged, sums } from './testing.ts'

const HASH = hexToBytes('751e76e8199196d454941c45d1b3a323f1433bd6')
const HEX = bytesToHex(HASH)
const ADDRESS = encodeAddress(HASH)
const SECRET = new Uint8Array(32).fill(9)
const withVersion = (version: number, ...payload: Uint8Array[]) =>
  base58CheckEncode(concatBytes(Uint8Array.of(version), ...payload))

test('base58: both ways, hex of either case', () => {
  const rows = [
    ['', ''],
    ['61', '2g'],
    ['271F359E', 'zzzzy'],
    ['0000', '11'],
  ]
  assert.match(judged('base58', rows).printed, sums(4, 0, 0))
  const wrong = [
    ['61', '2h'],
    ['62', '2g'],
    ['', '1'],
    ['00', ''],
    ['61', '2g '],
    ['61', '0'],
  ]
  for (const row of wrong) assert.match(judged('base58', [row, ['61', '2g']]).printed, sums(1, 1, 0))
})

const PUBKEY = { addrType: 'pubkey', isPrivkey: false, isTestnet: false }
const PRIVATE = { isCompressed: true, isPrivkey: true, isTestnet: false }
const MAIN = { chain: 'main', isPrivkey: false }

test('base58-keys: the older form names a kind and gives a hash', () => {
  const rows = [
    [ADDRESS, HEX, PUBKEY],
    [withVersion(111, HASH), HEX, { ...PUBKEY, isTestnet: true }],
    [withVersion(5, HASH), HEX, { ...PUBKEY, addrType: 'script' }],
    [withVersion(196, HASH), HEX, { ...PUBKEY, addrType: 'script', isTestnet: true }],
    [withVersion(128, SECRET, Uint8Array.of(1)), bytesToHex(SECRET), PRIVATE],
    [withVersion(239, SECRET), bytesToHex(SECRET), { ...PRIVATE, isCompressed: false, isTestnet: true }],
  ]
  const { well, printed } = judged('base58-keys', rows)
  assert.ok(well, printed)
  assert.match(printed, sums(6, 0, 0))
})

test('base58-keys: the newer form gives the script, and has bech32, which is skipped by reason', () => {
  const rows = [
    [ADDRESS, `76a914${HEX}88ac`, MAIN],
    [withVersion(5, HASH), `a914${HEX}87`, MAIN],
    [withVersion(111, HASH), `76a914${HEX}88ac`, { ...MAIN, chain: 'testnet4' }],
    [withVersion(128, SECRET), bytesToHex(SECRET), { chain: 'main', isPrivkey: true, isCompressed: false }],
    ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', `0014${HEX}`, { ...MAIN, tryCaseFlip: true }],
  ]
  const { well, printed } = judged('base58-keys', rows)
  assert.ok(well, printed)
  assert.match(printed, / {2}skipped 1: in bech32, which is no address here\n/)
  assert.match(printed, sums(4, 0, 1))
})

test('base58-keys: a row fails whose text stands for something else', () => {
  const wrong = [
    [ADDRESS, HEX.replace('7', '8'), PUBKEY],
    [ADDRESS.replace('B', 'C'), HEX, PUBKEY],
    [ADDRESS, HEX, { ...PUBKEY, isTestnet: true }],
    [ADDRESS, HEX, { ...PUBKEY, addrType: 'script' }],
    [ADDRESS, `0014${HEX}`, MAIN],
    [withVersion(128, SECRET), bytesToHex(SECRET), PRIVATE],
    [ADDRESS, HEX, {}],
    [ADDRESS, HEX],
  ]
  for (const row of wrong) {
    assert.match(judged('base58-keys', [row, [ADDRESS, HEX, PUBKEY]]).printed, sums(1, 1, 0), JSON.stringify(row))
  }
})

test('base58-keys-invalid: every text must be refused, rows of one cell are no remarks here', () => {
  const { well, printed } = judged('base58-keys-invalid', [[''], ['x'], [ADDRESS.slice(0, -1)], [withVersion(5, HASH)]])
  assert.ok(well, printed)
  assert.match(printed, sums(4, 0, 0))
  assert.match(judged('base58-keys-invalid', [['x'], [ADDRESS]]).printed, sums(1, 1, 0))
})
