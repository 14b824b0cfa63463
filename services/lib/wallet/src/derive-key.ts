import { HDKey } from '@scure/bip32'
import { Branch, keyPath } from './account.ts'
import { seedOf } from './mnemonic.ts'
import { WalletError } from './wallet-error.ts'
import { type WalletKey, walletKey } from './wallet-key.ts'

// Steps below 2^31, each hardened where a ' follows.
const PATH = /^m(?:\/\d{1,10}'?){0,10}$/
const FIRST_HARDENED = 2 ** 31

/** BIP44 path of the receiving key with this index: m/44'/7331'/0'/0/index. */
export function receivingPath(index: number): string {
  return keyPath({ branch: Branch.RECEIVE, index })
}

/** The BIP32 key at `path` below the BIP39 seed of `words`. @throws WalletError BAD_MNEMONIC, BAD_PATH */
export function keysFromMnemonic(words: string, path: string = receivingPath(0)): WalletKey {
  return keyFromSeed(seedOf(words), path)
}

/** The BIP32 key at `path` below a seed of 16 to 64 bytes. @throws WalletError BAD_PATH */
export function keyFromSeed(seed: Uint8Array, path: string): WalletKey {
  const { privateKey } = HDKey.fromMasterSeed(seed).derive(checkPath(path))
  if (privateKey === null) throw new WalletError('BAD_PATH', `There is no private key at ${path}.`)
  return walletKey(new Uint8Array(privateKey))
}

function checkPath(path: string): string {
  const steps = path.split('/').slice(1)
  if (!PATH.test(path) || steps.some((step) => Number.parseInt(step, 10) >= FIRST_HARDENED)) {
    throw new WalletError('BAD_PATH', `"${path}" is not a key path such as ${receivingPath(0)}.`)
  }
  return path
}
