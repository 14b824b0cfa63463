import { readFile } from 'node:fs/promises'
import { openKeystore } from '@camelid/crypto'
import { type Identity, identityOf } from '@camelid/p2p'
import { GatewayError } from './gateway-error.ts'

/**
 * Opens the node key, by which peers know this node.
 * @throws GatewayError KEYSTORE_UNREADABLE, KEYSTORE_INCOMPLETE; CryptoError WRONG_PASSWORD, BAD_KEYSTORE
 */
export async function openIdentity(path: string, password: string): Promise<Identity> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw new GatewayError(
      'KEYSTORE_UNREADABLE',
      `cannot read the keystore ${path} (${reason}): set NODE_KEYSTORE, or make one with "camelid node init"`,
      { cause },
    )
  }
  const { node } = openKeystore(text, password)
  if (node === undefined)
    throw new GatewayError('KEYSTORE_INCOMPLETE', `${path} holds no secret "node": make it with "camelid node init"`)
  return identityOf(node)
}
