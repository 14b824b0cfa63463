import { decodeAddress } from '@camelid/codec'
import { bytesToHex, isPublicKey } from '@camelid/crypto'
import { usage } from './cli-error.ts'

/** A node as a person names it: by the hex of its key or by its address. */
export interface NodeName {
  readonly text: string
  readonly kind: 'key' | 'address'
}

/** Errors: USAGE with what is wrong. */
export function parseNodeName(text: string): NodeName {
  if (/^[0-9a-f]{66}$/i.test(text)) {
    const key = Buffer.from(text, 'hex')
    if (!isPublicKey(key)) throw usage(`${text} is no node key: it is no point of the curve`)
    return { text: bytesToHex(key), kind: 'key' }
  }
  if (/^[0-9a-f]{40,}$/i.test(text)) throw usage(`${text} is no node key: it has ${text.length} hex digits, not 66`)
  try {
    decodeAddress(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw usage(`"${text}" is neither the key of a node, 66 hex digits, nor its address (${why})`)
  }
  return { text, kind: 'address' }
}

export function isNode(node: { nodeKey: string; address: string }, { text, kind }: NodeName): boolean {
  return (kind === 'key' ? node.nodeKey : node.address) === text
}
