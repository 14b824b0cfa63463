import assert from 'node:assert/strict'
import { bytesToHex, concatBytes, equalBytes, hexToBytes } from '@camelid/crypto'
import { asArray, asRecord, asText } from '@camelid/crypto/testing/json'
import { refusalOf } from '@camelid/crypto/testing/refusal'
import { Tally } from '@camelid/crypto/testing/tally'
import { VectorFileError } from '@camelid/crypto/testing/vector-file-error'
import { decodeAddress, encodeAddress } from '../address/address.ts'
import { base58CheckDecode, base58CheckEncode } from '../address/base58.ts'

/** Version bytes of Bitcoin's base58 texts, on its main network and on all of its test networks. */
const VERSIONS = { pubkey: [0, 111], script: [5, 196], privkey: [128, 239] } as const

interface Key {
  readonly kind: keyof typeof VERSIONS
  readonly main: boolean
  /** h2, the hash of a script, or a private key followed by 01 where its public key is compressed. */
  readonly payload: Uint8Array
}

/**
 * base58_keys_valid.json of Bitcoin Core, or its successor key_io_valid.json: each text stands for its bytes, both ways; those of
 * P2PKH on the main network are our addresses, and no other text is one. @throws VectorFileError
 */
export function judgeKeys(file: unknown): Tally {
  const tally = new Tally()
  for (const [i, row] of asArray(file).entries()) tally.row(`row ${i + 1}`, () => judgeKey(asArray(row)))
  return tally
}

/** base58_keys_invalid.json or key_io_invalid.json: rows of one text each, of which none is an address. @throws VectorFileError */
export function judgeInvalidKeys(file: unknown): Tally {
  const tally = new Tally()
  for (const [i, row] of asArray(file).entries()) {
    tally.row(`row ${i + 1}`, () => assertNoAddress(asText(asArray(row)[0])))
  }
  return tally
}

function judgeKey([text, hex, about]: readonly unknown[]): string | undefined {
  const address = asText(text)
  const key = readKey(hexToBytes(asText(hex)), asRecord(about))
  if (key === undefined) {
    assertNoAddress(address)
    return 'in bech32, which is no address here'
  }
  const versioned = concatBytes(Uint8Array.of(VERSIONS[key.kind][key.main ? 0 : 1]), key.payload)
  assert.equal(base58CheckEncode(versioned), address, `${bytesToHex(versioned)} is not written as ${address}`)
  assert.deepEqual(base58CheckDecode(address), versioned, `${address} is not read as ${bytesToHex(versioned)}`)
  if (key.kind !== 'pubkey' || !key.main) return assertNoAddress(address)
  assert.equal(encodeAddress(key.payload), address)
  assert.deepEqual(decodeAddress(address), key.payload)
  return undefined
}

function assertNoAddress(text: string): undefined {
  const refusal = refusalOf(() => decodeAddress(text))
  assert.equal(refusal, 'BAD_ADDRESS', `"${text}" is ${refusal ?? 'taken for an address'}`)
}

/** What a row's text stands for; undefined for an address that base58 has no form of. */
function readKey(bytes: Uint8Array, about: Readonly<Record<string, unknown>>): Key | undefined {
  const { isPrivkey, isCompressed, isTestnet, chain, addrType } = about
  if (typeof isPrivkey !== 'boolean' || (typeof isTestnet !== 'boolean' && typeof chain !== 'string')) {
    throw new VectorFileError('BAD_FILE', 'a row says by isPrivkey, and isTestnet or chain, what its text stands for')
  }
  const main = typeof chain === 'string' ? chain === 'main' : isTestnet === false
  if (isPrivkey) {
    const payload = isCompressed === true ? concatBytes(bytes, Uint8Array.of(1)) : bytes
    return { kind: 'privkey', main, payload }
  }
  // The older file names the kind and gives a hash, the newer one gives the output's script.
  if (addrType === 'pubkey' || addrType === 'script') return { kind: addrType, main, payload: bytes }
  const h2 = between(bytes, '76a914', '88ac')
  if (h2 !== undefined) return { kind: 'pubkey', main, payload: h2 }
  const scriptHash = between(bytes, 'a914', '87')
  return scriptHash === undefined ? undefined : { kind: 'script', main, payload: scriptHash }
}

/** The 20 bytes between the given opcodes of a script, if it has this form. */
function between(script: Uint8Array, before: string, after: string): Uint8Array | undefined {
  const start = before.length / 2
  const hash = script.slice(start, start + 20)
  const form = concatBytes(hexToBytes(before), hash, hexToBytes(after))
  return hash.length === 20 && equalBytes(form, script) ? hash : undefined
}
