import { judgeBase58 } from '@camelid/codec/testing/base58-rows'
import { judgeInvalidKeys, judgeKeys } from '@camelid/codec/testing/key-rows'
import { judgeAsert } from '@camelid/consensus/testing/asert-run'
import { judgeInvalidTransactions } from '@camelid/consensus/testing/invalid-transactions'
import { judgeBlock } from '@camelid/consensus/testing/raw-block'
import { judgeScripts } from '@camelid/consensus/testing/script-rows'
import { judgeSignatureHashes } from '@camelid/consensus/testing/sighash-rows'
import { judgeCanonicalSignatures, judgeNonCanonicalSignatures } from '@camelid/consensus/testing/signature-rows'
import { judgeValidTransactions } from '@camelid/consensus/testing/valid-transactions'
import { parseVectorJson } from '@camelid/crypto/testing/parse-json'
import type { Tally } from '@camelid/crypto/testing/tally'
import { judgeWycheproof, type Verify } from '@camelid/crypto/testing/wycheproof'
import { judgeMnemonics } from '@camelid/wallet/testing/bip39-rows'

export interface Kind {
  /** What a file of this kind is where it comes from. */
  readonly about: string
  /** @param verify the library to judge, for the one kind that `--backend` is for */
  readonly judge: (file: Uint8Array, verify?: Verify) => Tally
  readonly takesBackend?: true
}

const json = (judge: (file: unknown, verify?: Verify) => Tally): Kind['judge'] => {
  return (file, verify) => judge(parseVectorJson(file), verify)
}

const core = (name: string, judge: (file: unknown) => Tally): Kind => {
  return { about: `Bitcoin Core's ${name}`, judge: json(judge) }
}

export const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['script', core('script_tests.json', judgeScripts)],
  ['sighash', core('sighash.json', judgeSignatureHashes)],
  ['tx-valid', core('tx_valid.json', judgeValidTransactions)],
  ['tx-invalid', core('tx_invalid.json', judgeInvalidTransactions)],
  ['base58', core('base58_encode_decode.json', judgeBase58)],
  ['base58-keys', core('base58_keys_valid.json or key_io_valid.json', judgeKeys)],
  ['base58-keys-invalid', core('base58_keys_invalid.json or key_io_invalid.json', judgeInvalidKeys)],
  ['sig-canonical', core('sig_canonical.json', judgeCanonicalSignatures)],
  ['sig-noncanonical', core('sig_noncanonical.json', judgeNonCanonicalSignatures)],
  ['wycheproof', { about: "C2SP/wycheproof's ECDSA files", judge: json(judgeWycheproof), takesBackend: true }],
  ['bip39', { about: "BIP39's vectors.json: {english: rows}, or rows", judge: json(judgeMnemonics) }],
  ['asert', { about: 'a run of aserti3-2d: {spacing, halfLife, …, rows}', judge: json(judgeAsert) }],
  ['block', { about: "a block of Bitcoin's without witnesses, binary or hex", judge: judgeBlock }],
])
