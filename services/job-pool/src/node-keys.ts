import { readFile } from 'node:fs/promises'
import { hash160, openKeystore, publicKeyOf, sign } from '@camelid/crypto'
import { CodedError } from '@camelid/errors'

/** The keys of this node. Secrets stay in this process and reach no log. */
export type NodeKeys = {
  readonly nodeSecret: Uint8Array
  readonly nodeKey: Uint8Array
  /** h2 of the node key: its address, and what P's OP_RETURN names. */
  readonly nodeHash: Uint8Array
  /** h2 that rewards are paid to. */
  readonly rewardHash: Uint8Array
  /** 64-byte signature of a digest by the node key. */
  readonly sign: (digest: Uint8Array) => Uint8Array
}

/** Opens the node's keystore. @throws CodedError KEYSTORE_NOT_FOUND, KEYSTORE_INCOMPLETE; CryptoError WRONG_PASSWORD */
export async function openNodeKeys(path: string, password: string): Promise<NodeKeys> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new CodedError('KEYSTORE_NOT_FOUND', `no keystore at ${path}: make one with "camelid node init"`, { cause })
  }
  const secrets = openKeystore(text, password)
  const nodeSecret = secrets.node
  const rewardSecret = secrets.reward
  if (nodeSecret === undefined || rewardSecret === undefined) {
    throw new CodedError(
      'KEYSTORE_INCOMPLETE',
      `${path} lacks the secret "node" or "reward": make it with "camelid node init"`,
    )
  }
  const nodeKey = publicKeyOf(nodeSecret)
  return {
    nodeSecret,
    nodeKey,
    nodeHash: hash160(nodeKey),
    rewardHash: hash160(publicKeyOf(rewardSecret)),
    sign: (digest) => sign(digest, nodeSecret),
  }
}
