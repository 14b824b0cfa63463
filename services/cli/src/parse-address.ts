import { decodeAddress } from '@camelid/codec'
import { usage } from './cli-error.ts'

/** An address → its hash160. Errors: USAGE with what is wrong. */
export function parseAddress(text: string): Uint8Array {
  try {
    return decodeAddress(text)
  } catch (cause) {
    throw usage(`"${text}" is no address: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
