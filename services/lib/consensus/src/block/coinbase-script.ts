import { concatBytes } from '@camelid/crypto'
import { pushData, pushNumber } from '../script/push-data.ts'

/** The scriptSig of the coinbase at `height`: the height first (BIP34), then the extra nonce as one push (at most 90 bytes). */
export function coinbaseScriptSig(height: number, extraNonce: Uint8Array): Uint8Array {
  return concatBytes(pushNumber(height), pushData(extraNonce))
}

/** Whether a coinbase's scriptSig begins with the minimal push of `height` (protocol §4). */
export function startsWithHeight(scriptSig: Uint8Array, height: number): boolean {
  return pushNumber(height).every((byte, i) => scriptSig[i] === byte)
}
