import { isIP } from 'node:net'
import { decodeAddress } from '@camelid/codec'
import { usage } from './cli-error.ts'

export type BanTarget = { case: 'h2'; value: Uint8Array } | { case: 'host'; value: string }

/** A node by its address, or a host by its IP address. Errors: USAGE. */
export function parseBanTarget(text: string): BanTarget {
  if (isIP(text) !== 0) return { case: 'host', value: text }
  try {
    return { case: 'h2', value: decodeAddress(text) }
  } catch (cause) {
    throw usage(
      `"${text}" is neither a node's address, as "camelid peer list" shows it, nor an IP address without a port (${cause instanceof Error ? cause.message : String(cause)})`,
    )
  }
}
