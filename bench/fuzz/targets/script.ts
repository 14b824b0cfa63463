import {
  bitsToTarget,
  CONSENSUS_FLAGS,
  classifyScript,
  countSigops,
  multisigScript,
  p2shScript,
  STANDARD_FLAGS,
  settlementEntry,
  targetToBits,
  verdictRequest,
  verifyInput,
} from '@camelid/consensus'
import { slash } from '@camelid/consensus/testing/slash'
import { BOND_SCRIPT, chainAt, HEIGHT, NODE, testament, withScriptSig } from '@camelid/consensus/testing/testament'
import { concatBytes, decodeDer, encodeDer, hash160, sign } from '@camelid/crypto'
import { keyOf, spendOne } from '../../chain/purse.ts'
import { type Target, target } from '../target.ts'

const FLAGS = [0, CONSENSUS_FLAGS, STANDARD_FLAGS]

/** Flags, the length of the scriptSig as u16, the scriptSig, the output's script. */
const spendOf = (flags: number, scriptSig: Uint8Array, script: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(flags, scriptSig.length & 0xff, scriptSig.length >> 8), scriptSig, script)

/** The script machine, and what else looks into scripts; signatures and compact bits. */
export function scriptTargets(): Target[] {
  return [
    target({ name: 'script machine', samples: spends(), decode: runSpend, every: 10 }),
    target({ name: 'script forms', samples: spends(), decode: lookInto }),
    target({
      name: 'DER signature',
      samples: Array.from({ length: 40 }, (_, i) => encodeDer(sign(new Uint8Array(32).fill(i), keyOf(i).secret))),
      decode: (bytes) => decodeDer(bytes, { lowS: false }),
      encode: encodeDer,
    }),
    target({
      name: 'compact bits',
      samples: [0x1d00ffff, 0x1f00ffff, 0x03123456].map((bits) => Uint8Array.from(Buffer.from(u32(bits)))),
      // Several bits mean the same target; from the target on there is one form.
      decode: (bytes) => {
        const bits = Buffer.from(bytes)
          .subarray(0, 4)
          .reduce((sum, byte) => sum * 256 + byte, 0)
        const again = targetToBits(bitsToTarget(bits))
        if (targetToBits(bitsToTarget(again)) !== again) throw new Error(`bits ${bits} have no one form`)
      },
    }),
  ]
}

function spends(): Uint8Array[] {
  const { publicKey, script } = keyOf(1)
  const outpoint = { txid: new Uint8Array(32).fill(7), index: 0 }
  const p2pkh = spendOne({ outpoint, value: 100_000n, key: 1 }, 2).vin[0]?.scriptSig ?? new Uint8Array()
  const slashing = slash().vin[0]?.scriptSig ?? new Uint8Array()
  const multisig = multisigScript(1, [publicKey, NODE.key])
  const two = concatBytes(Uint8Array.of(0), p2pkh)
  return FLAGS.flatMap((_, flags) => [
    spendOf(flags, p2pkh, script),
    spendOf(flags, slashing, BOND_SCRIPT),
    spendOf(flags, two, multisig),
    spendOf(flags, concatBytes(two, Uint8Array.of(multisig.length), multisig), p2shScript(hash160(multisig))),
  ])
}

function split(bytes: Uint8Array): { flags: number; scriptSig: Uint8Array; script: Uint8Array } {
  const length = (bytes[1] ?? 0) + 256 * (bytes[2] ?? 0)
  const end = Math.min(bytes.length, 3 + length)
  return { flags: FLAGS[(bytes[0] ?? 0) % 3] ?? 0, scriptSig: bytes.slice(3, end), script: bytes.slice(end) }
}

function runSpend(bytes: Uint8Array): void {
  const { flags, scriptSig, script } = split(bytes)
  const tx = withScriptSig(testament(), scriptSig)
  verifyInput({ tx, index: 0, spent: { value: 1n, scriptPubKey: script }, flags, context: chainAt(HEIGHT + 1) })
}

function lookInto(bytes: Uint8Array): void {
  const { scriptSig, script } = split(bytes)
  const tx = withScriptSig(testament(), scriptSig)
  const spent = { value: 1n, scriptPubKey: script }
  classifyScript(script)
  verdictRequest(tx, spent)
  settlementEntry(tx, [spent])
  if (countSigops(script, 7) > 20 * script.length) throw new Error('more signature checks than a script can ask for')
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
