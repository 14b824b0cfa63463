import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToHex } from '@camelid/crypto'
import { seedOf } from '@camelid/wallet'
import { judged, sums } from './testing.ts'

const ENTROPY = '00'.repeat(16)
const WORDS = `${'abandon '.repeat(11)}about`
const SEED =
  'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04'
const EXTENDED =
  'xprv9s21ZrQH143K3h3fDYiay8mocZ3afhfULfb5GX8kCBdno77K4HiA15Tg23wpbeF1pLfs1c5SPmYHrEpTuuRhxMwvKDwqdKiGJS9XFKzUsAF'
const ROW = [ENTROPY, WORDS, SEED, EXTENDED]

test('rows alone or by language, with a passphrase or without, with an extended key or without', () => {
  const named = bytesToHex(seedOf(WORDS, 'a word'))
  const { well, printed } = judged('bip39', [
    ROW,
    [ENTROPY, WORDS, SEED],
    [ENTROPY, WORDS, 'TREZOR', SEED, EXTENDED],
    [ENTROPY, WORDS, 'a word', named],
    [ENTROPY, WORDS, '', bytesToHex(seedOf(WORDS))],
  ])
  assert.ok(well, printed)
  assert.match(printed, sums(5, 0, 0))
  const lists = judged('bip39', { english: [ROW], japanese: [['', '', '', '']] })
  assert.match(lists.printed, / {2}skipped 1: of the list "japanese"\n/)
  assert.match(lists.printed, sums(1, 0, 1))
})

test('a row fails if any of its cells is another', () => {
  const wrong = [
    ['01'.repeat(16), WORDS, SEED, EXTENDED],
    ['00'.repeat(15), WORDS, SEED, EXTENDED],
    [ENTROPY, WORDS.replace('about', 'abandon'), SEED, EXTENDED],
    [ENTROPY, WORDS, SEED.replace('c', 'd'), EXTENDED],
    [ENTROPY, WORDS, '', SEED, EXTENDED],
    [ENTROPY, WORDS, SEED, EXTENDED.replace('h3f', 'h3g')],
    [ENTROPY, WORDS, SEED, ''],
    [ENTROPY, WORDS],
    [ENTROPY, 5, SEED, EXTENDED],
  ]
  for (const row of wrong) assert.match(judged('bip39', { english: [row, ROW] }).printed, sums(1, 1, 0), String(row))
})
