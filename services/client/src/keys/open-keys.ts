import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deriveScalar, openKeystore, sealKeystore, utf8, utf8Decode } from '@camelid/crypto'
import { readSecretFile, writeOnce } from '@camelid/runtime'
import { Account, Branch, newMnemonic } from '@camelid/wallet'
import { ClientError } from '../errors.ts'

/** The client's keys in memory; never logged, never sent. */
export interface ClientKeys {
  /** Every key of the wallet, this first one included. */
  readonly account: Account
  /** Names the client in its jobs, takes their change, and decrypts deliveries. */
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
  readonly h2: Uint8Array
  readonly address: string
  /** Identity on the peer network, another key than the wallet's, so that peers do not learn who pays. */
  readonly peerKey: Uint8Array
}

const KEYSTORE = 'wallet.keystore'
/** 24 BIP39 words. */
const ENTROPY_BYTES = 32

/**
 * Opens `wallet.keystore` in the data directory, and creates it at the very first start (24 new words).
 * Errors: BAD_PASSWORD_FILE; CryptoError WRONG_PASSWORD, BAD_KEYSTORE.
 */
export function openKeys(options: { dataDir: string; passwordFile: string; entropy?: Uint8Array }): {
  keys: ClientKeys
  created: boolean
} {
  const password = readPassword(options.passwordFile)
  const path = join(options.dataDir, KEYSTORE)
  let created = !existsSync(path)
  if (created) {
    const words = newMnemonic(options.entropy ?? new Uint8Array(randomBytes(ENTROPY_BYTES)))
    // Another process may have been faster: its words are the wallet's then.
    created = writeOnce(path, sealKeystore({ secrets: { words: utf8(words) }, password }))
  }
  const { words } = openKeystore(readFileSync(path, 'utf8'), password)
  if (words === undefined) {
    throw new ClientError('BAD_DATA_DIR', `${path} holds no wallet words: it is the keystore of something else.`)
  }
  return { keys: keysFromWords(utf8Decode(words)), created }
}

/** The wallet's first key (m/44'/7331'/0'/0/0) and what follows from it. */
function keysFromWords(words: string): ClientKeys {
  const account = Account.fromMnemonic(words)
  const first = account.key({ branch: Branch.RECEIVE, index: 0 })
  return { ...first, account, peerKey: deriveScalar(first.privateKey, 'camelid/peer/v1') }
}

function readPassword(path: string): string {
  try {
    return readSecretFile(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ClientError(
      'BAD_PASSWORD_FILE',
      `PASSWORD_FILE: ${why}. Create it once: (umask 077; openssl rand -hex 24 > ${path})`,
      { cause },
    )
  }
}
