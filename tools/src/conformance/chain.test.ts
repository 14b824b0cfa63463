import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, hexToBytes } from '@camelid/crypto'
import { judged, sums } from './testing.ts'

// Bitcoin's first block.
const HEADER =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c'
const COINBASE =
  '01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000'
const BLOCK = `${HEADER}01${COINBASE}`

test('block: binary or hex, on one line or many', () => {
  for (const content of [
    hexToBytes(BLOCK),
    hexToBytes(`f9beb4d9${'1d010000'}${BLOCK}`),
    BLOCK,
    `${BLOCK.toUpperCase()}\n`,
    `\ufeff${BLOCK}\r\n`,
    BLOCK.replaceAll(/.{64}/g, '$&\r\n'),
  ]) {
    const { well, printed } = judged('block', content)
    assert.ok(well, printed)
    assert.match(printed, sums(1, 0, 0))
  }
})

test('block: one with witnesses is skipped by reason', () => {
  const { well, printed } = judged('block', `${HEADER}01${COINBASE.slice(0, 8)}0001${COINBASE.slice(8)}`)
  assert.ok(!well)
  assert.match(printed, / {2}skipped 1: with witnesses\n/)
})

test('block: one fails that is cut, longer, changed, or without its work', () => {
  const changed = (place: number, byte: number) => hexToBytes(BLOCK).with(place, byte)
  const wrong: [Uint8Array | string, RegExp][] = [
    [hexToBytes(BLOCK).slice(0, -1), /bytes are needed/],
    [hexToBytes(BLOCK).slice(0, 79), /bytes are needed/],
    [concatBytes(hexToBytes(BLOCK), Uint8Array.of(0)), /1 bytes follow the last field/],
    [changed(284, 7), /merkle root/],
    [changed(40, 7), /merkle root/],
    [changed(76, 7), /does not meet its own bits/],
    [changed(75, 0x21), /easier than the network's limit/],
    [`${HEADER}02${COINBASE}${COINBASE}`, /merkle root/],
    [`${HEADER}fd0100${COINBASE}`, /longer form than it needs/],
    [BLOCK.slice(1), /Not hexadecimal/],
    ['', /bytes are needed/],
    ['a block', /bytes are needed/],
  ]
  for (const [content, message] of wrong) {
    const { well, printed } = judged('block', content)
    assert.ok(!well)
    assert.match(printed, message)
    assert.match(printed, sums(0, 1, 0))
  }
})

const RUN = {
  spacing: 600,
  halfLife: 172800,
  powLimitBits: 0x1d00ffff,
  anchorHeight: 1,
  anchorParentTime: 0,
  anchorBits: 0x1a2b3c4d,
}
const ON_TIME = [2, 1200, 0x1a2b3c4d]
const HALF_LIFE_LATE = [2, 1200 + 172800, 0x1a56789a]

test('asert: rows are the bits after a block, heights may be beyond 2^53', () => {
  assert.match(judged('asert', { ...RUN, rows: [ON_TIME, HALF_LIFE_LATE] }).printed, sums(2, 0, 0))
  const far = JSON.stringify({ ...RUN, anchorHeight: 0, rows: [['height', ...ON_TIME.slice(1)]] })
    .replace('"anchorHeight":0', '"anchorHeight":9223372036854775806')
    .replace('"height"', '9223372036854775807')
  assert.match(judged('asert', far).printed, sums(1, 0, 0))
  assert.match(judged('asert', far.replace('5807', '5809')).printed, sums(0, 1, 0))
  const late = far
    .replace('"anchorParentTime":0', '"anchorParentTime":9223372036854000000')
    .replace(',1200,', ',9223372036854001200,')
  assert.match(judged('asert', late).printed, sums(1, 0, 0))
})

test('asert: a row fails that has other bits, a run without its anchor altogether', () => {
  for (const row of [
    [2, 1200, 0x1a2b3c4e],
    [2, 1801, 0x1a2b3c4d],
    [2, 1200],
    [2, 1200.5, 0x1a2b3c4d],
    ['2', 1200, 0x1a2b3c4d],
    2,
  ]) {
    assert.match(judged('asert', { ...RUN, rows: [row, ON_TIME] }).printed, sums(1, 1, 0), String(row))
  }
  assert.match(judged('asert', { ...RUN, anchorBits: 0, rows: [ON_TIME] }).printed, sums(0, 1, 0))
  for (const broken of [{ ...RUN, anchorBits: undefined, rows: [ON_TIME] }, RUN, [ON_TIME]]) {
    const { well, printed } = judged('asert', broken)
    assert.ok(!well)
    assert.match(printed, /FAILED BAD_FILE: .*expected where/)
  }
})
