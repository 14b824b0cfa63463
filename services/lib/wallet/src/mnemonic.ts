import { entropyToMnemonic, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { WalletError } from './wallet-error.ts'

const ENTROPY_BYTES: readonly number[] = [16, 20, 24, 28, 32]

/** BIP39 words, in English, of 16 to 32 random bytes: 12 words of 16, 24 of 32. @throws WalletError BAD_ENTROPY */
export function newMnemonic(entropy: Uint8Array): string {
  if (!ENTROPY_BYTES.includes(entropy.length)) {
    throw new WalletError('BAD_ENTROPY', `Words are made of 16, 20, 24, 28 or 32 random bytes, not ${entropy.length}.`)
  }
  return entropyToMnemonic(entropy, wordlist)
}

/** Words as a person may type them, brought to the one form that BIP39 reads. @throws WalletError BAD_MNEMONIC */
export function parseMnemonic(words: string): string {
  const normal = words.normalize('NFKD').trim().toLowerCase().split(/\s+/).join(' ')
  if (!validateMnemonic(normal, wordlist)) {
    throw new WalletError(
      'BAD_MNEMONIC',
      'These are not BIP39 words: check that there are 12 to 24, each in the English list, in the order written down.',
    )
  }
  return normal
}

/** The BIP39 seed, 64 bytes. @throws WalletError BAD_MNEMONIC */
export function seedOf(words: string, passphrase = ''): Uint8Array {
  return mnemonicToSeedSync(parseMnemonic(words), passphrase)
}
