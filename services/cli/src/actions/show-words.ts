import { join } from 'node:path'
import { utf8Decode } from '@camelid/crypto'
import { readKeystore, readPassword, secretOf } from '../keystore-file.ts'
import { printLine } from '../print.ts'

/** `camelid wallet words` */
export function showWords({ dir, passwordFile = join(dir, 'password') }: { dir: string; passwordFile?: string }): void {
  const path = join(dir, 'wallet.keystore')
  printLine(utf8Decode(secretOf(readKeystore(path, readPassword(passwordFile)), 'words', path)))
}
