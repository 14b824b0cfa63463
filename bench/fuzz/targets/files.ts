import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { networkParams } from '@camelid/consensus'
import { openKeystore, sealKeystore } from '@camelid/crypto'
import { parseProfile } from '@camelid/rastic'
import { newMnemonic, parseMnemonic } from '@camelid/wallet'
import { decodeUndo, encodeUndo } from '../../../services/chain/src/chain/undo-data.ts'
import {
  decodePlace,
  decodePrefix,
  encodePlace,
  encodePrefix,
  PREFIX_BYTES,
} from '../../../services/chain/src/snapshot/format.ts'
import { bytesOfText, type Target, target, textOf } from '../target.ts'

const LOCAL = networkParams('local')
const HASH = new Uint8Array(32).fill(6)
const MODELS = join(import.meta.dirname, '../../../models')

/** Files and texts that come from people's disks and hands. */
export function fileTargets(): Target[] {
  const secrets = { node: new Uint8Array(32).fill(3) }
  const sealing = { secrets, password: 'fuzz', salt: new Uint8Array(32), nonce: new Uint8Array(24) }
  const profile = readFileSync(join(MODELS, 'profiles/camelid-tiny-F16.cpu-x64.json'))
  const coin = { outpoint: new Uint8Array(36), value: 7n, height: 5, coinbase: true, scriptPubKey: new Uint8Array(25) }
  return [
    target({
      name: 'keystore',
      samples: [bytesOfText(sealKeystore(sealing))],
      decode: (bytes) => openKeystore(textOf(bytes), 'fuzz'),
      // A keystore that is still one costs a tenth of a second to try.
      every: 2_000,
    }),
    target({ name: 'noise profile', samples: [profile], decode: (bytes) => parseProfile(textOf(bytes)), every: 10 }),
    target({
      name: 'mnemonic',
      samples: [16, 32].map((length) => bytesOfText(newMnemonic(new Uint8Array(length).fill(9)))),
      decode: (bytes) => parseMnemonic(textOf(bytes)),
      every: 20,
    }),
    target({
      name: 'snapshot: its prefix',
      samples: [encodePrefix(LOCAL, new Uint8Array(32).fill(5))],
      decode: (bytes) => decodePrefix(bytes.slice(0, PREFIX_BYTES), LOCAL),
    }),
    target({
      name: 'snapshot: its place',
      samples: [encodePlace({ genesisHash: HASH, height: 9, tipHash: HASH, first: 3, stateHash: HASH })],
      decode: decodePlace,
      encode: encodePlace,
    }),
    target({ name: 'undo data', samples: [encodeUndo([coin, coin])], decode: decodeUndo, encode: encodeUndo }),
  ]
}
