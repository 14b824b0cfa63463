import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeAddress } from '@camelid/codec'
import { parseNetworkName } from '@camelid/consensus'
import { bytesToHex, generatePrivateKey, hash160, publicKeyOf } from '@camelid/crypto'
import {
  createKeystore,
  makePrivateDirectory,
  openOrCreatePassword,
  readKeystore,
  type Secrets,
  secretOf,
} from '../keystore-file.ts'
import { printFields, printJson } from '../print.ts'

/** `camelid node init`: the same answer however often it is called on one directory. */
export function initNode({ dir, network, json }: { dir: string; network: string; json?: true }): void {
  parseNetworkName(network)
  makePrivateDirectory(dir)
  const node = openOrCreate(dir, 'node', ['node', 'reward'])
  const mining = openOrCreate(dir, 'mining', ['mining'])
  const miningAddress = addressOf(secretOf(mining.secrets, 'mining', mining.keystore))
  // For the miner, which holds no keys: PAYOUT_ADDRESS_FILE.
  writeFileSync(join(dir, 'mining.address'), `${miningAddress}\n`)
  const nodeKey = publicKeyOf(secretOf(node.secrets, 'node', node.keystore))
  const result = {
    network,
    nodeKey: bytesToHex(nodeKey),
    nodeAddress: encodeAddress(hash160(nodeKey)),
    rewardAddress: addressOf(secretOf(node.secrets, 'reward', node.keystore)),
    miningAddress,
    nodeKeystore: node.keystore,
    nodePasswordFile: node.passwordFile,
    miningKeystore: mining.keystore,
    miningPasswordFile: mining.passwordFile,
    created: node.created || mining.created,
  }
  if (json) {
    printJson(result)
    return
  }
  const { created, ...fields } = result
  printFields([...Object.entries(fields), ['keys', created ? 'new' : 'were there already, unchanged']])
}

function openOrCreate(dir: string, name: string, keys: readonly string[]) {
  const keystore = join(dir, `${name}.keystore`)
  const passwordFile = join(dir, `${name}.password`)
  const password = openOrCreatePassword(passwordFile)
  const fresh: Secrets = Object.fromEntries(keys.map((key) => [key, generatePrivateKey()]))
  const created = createKeystore(keystore, fresh, password)
  // Read back even where just written: what is on disk is what counts.
  return { keystore, passwordFile, created, secrets: readKeystore(keystore, password) }
}

function addressOf(secret: Uint8Array): string {
  return encodeAddress(hash160(publicKeyOf(secret)))
}
