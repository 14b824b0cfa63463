import assert from 'node:assert/strict'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { asArray, asRecord, asText } from '@camelid/crypto/testing/json'
import { Tally } from '@camelid/crypto/testing/tally'
import { HDKey } from '@scure/bip32'
import { keyFromSeed, receivingPath } from '../derive-key.ts'
import { newMnemonic, seedOf } from '../mnemonic.ts'

/** Of rows that name none, as those of BIP39's own file. */
const PASSPHRASE = 'TREZOR'
const SEED = /^[0-9a-f]{128}$/i

/**
 * BIP39's vectors.json, {english: rows, …}, or rows alone: [entropy, words, passphrase?, seed, extended private key?].
 * Only words of the English list are ours. @throws VectorFileError
 */
export function judgeMnemonics(file: unknown): Tally {
  const tally = new Tally()
  const lists = Array.isArray(file) ? { english: file } : asRecord(file)
  for (const [language, rows] of Object.entries(lists)) {
    for (const [i, row] of asArray(rows).entries()) {
      const judge = () => (language === 'english' ? judgeRow(asArray(row).map(asText)) : `of the list "${language}"`)
      tally.row(`${language} row ${i + 1}`, judge)
    }
  }
  return tally
}

function judgeRow([entropy = '', words = '', ...rest]: readonly string[]): undefined {
  const [passphrase, seed = '', extendedKey] = SEED.test(rest[0] ?? '') ? [PASSPHRASE, ...rest] : rest
  const made = newMnemonic(hexToBytes(entropy))
  assert.equal(made, words, `${entropy} became "${made}", not "${words}"`)
  const stretched = bytesToHex(seedOf(words, passphrase))
  assert.equal(stretched, seed.toLowerCase(), `"${words}" became the seed ${stretched}, not ${seed}`)
  if (extendedKey !== undefined) judgeKeys(hexToBytes(seed), extendedKey)
}

/** Our keys of the seed are the extended key itself and, which takes its chain code too, a key derived from it. */
function judgeKeys(seed: Uint8Array, extendedKey: string): void {
  const master = HDKey.fromExtendedKey(extendedKey)
  for (const path of ['m', receivingPath(0)]) {
    const expected = master.derive(path).privateKey
    assert.ok(expected !== null, `${extendedKey} holds no private key`)
    assert.deepEqual(keyFromSeed(seed, path).privateKey, new Uint8Array(expected), `another key at ${path}`)
  }
}
