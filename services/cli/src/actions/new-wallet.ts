import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { utf8 } from '@camelid/crypto'
import { keysFromMnemonic, newMnemonic, parseMnemonic } from '@camelid/wallet'
import { CliError } from '../cli-error.ts'
import { createKeystore, makePrivateDirectory, openOrCreatePassword } from '../keystore-file.ts'
import { printJson, printLine } from '../print.ts'

/** `camelid wallet new`: the keystore that the client opens at its start; never over one that is there. */
export async function newWallet(options: {
  dir: string
  passwordFile?: string
  restore?: string
  json?: true
}): Promise<void> {
  const { dir, passwordFile = join(dir, 'password'), restore, json } = options
  const words =
    restore === undefined ? newMnemonic(new Uint8Array(randomBytes(32))) : parseMnemonic(await readWords(restore))
  makePrivateDirectory(dir)
  const keystore = join(dir, 'wallet.keystore')
  const { address } = keysFromMnemonic(words)
  if (!createKeystore(keystore, { words: utf8(words) }, openOrCreatePassword(passwordFile))) {
    throw new CliError(
      'FILE',
      `${keystore} is there already, and keys are never written over: give another --dir, or move it away`,
    )
  }
  if (json) {
    printJson({ address, keystore, passwordFile })
    return
  }
  printLine(`address   ${address}`)
  printLine(`keystore  ${keystore}`)
  printLine(`Write the words down: camelid wallet words --dir ${dir} --password-file ${passwordFile}`)
}

async function readWords(file: string): Promise<string> {
  if (file === '-') return await text(process.stdin)
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CliError(
      'FILE',
      `the words in ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}
