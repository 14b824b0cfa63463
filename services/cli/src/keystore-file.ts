import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { bytesToHex, openKeystore, sealKeystore } from '@camelid/crypto'
import { makeDirectory, readSecretFile, writeOnce } from '@camelid/runtime'
import { CliError } from './cli-error.ts'

export type Secrets = Record<string, Uint8Array>

/** A directory that only its owner can enter. */
export function makePrivateDirectory(dir: string): void {
  try {
    makeDirectory(dir, 0o700)
    chmodSync(dir, 0o700)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliError('FILE', `${dir} cannot be used: ${why}. Give a directory you may write to.`, { cause })
  }
}

/** The password in `path`; the file is created with a random one, mode 0600, where there is none. */
export function openOrCreatePassword(path: string): string {
  if (!existsSync(path)) writeOnce(path, `${bytesToHex(new Uint8Array(randomBytes(24)))}\n`)
  return readPassword(path)
}

/** Errors: FILE. */
export function readPassword(path: string): string {
  try {
    return readSecretFile(path)
  } catch (cause) {
    throw new CliError('FILE', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** Seals secrets into a new file. False where the file is there already: keys are never written over. */
export function createKeystore(path: string, secrets: Secrets, password: string): boolean {
  if (existsSync(path)) return false
  return writeOnce(path, sealKeystore({ secrets, password }))
}

/** Errors: NO_KEYSTORE; CryptoError WRONG_PASSWORD, BAD_KEYSTORE. */
export function readKeystore(path: string, password: string): Secrets {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliError(
      'NO_KEYSTORE',
      `there is no keystore at ${path}: camelid node init --dir DIR, or camelid wallet new, creates one`,
      { cause },
    )
  }
  return openKeystore(text, password)
}

/** One secret of a keystore by name. Errors: NO_KEYSTORE. */
export function secretOf(secrets: Secrets, name: string, path: string): Uint8Array {
  const secret = secrets[name]
  if (secret === undefined)
    throw new CliError('NO_KEYSTORE', `${path} holds no "${name}" key: it is the keystore of something else`)
  return secret
}
