import { hash160 } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { dialPeer, type PeerConnection, type PeerHello, type PeerOptions, type Refusal } from '@camelid/p2p'
import type { GatewayParts } from '../parts.ts'
import type { Target } from '../store/addresses.ts'

/** The code by which a feeler takes its leave. */
export const FELT = 'NOT_NEEDED'
const SEEN: Refusal = { code: FELT, detail: 'the connection is not needed: this was to see who listens there' }

/**
 * Dials an address; the book learns who is there. Undefined where no connection is wanted: for a feeler, or where that node is
 * connected already. It is then left in the middle of the handshake, once it proved its key, so that it never counts us twice.
 * @throws P2pError as dialPeer does
 */
export async function reach(
  parts: GatewayParts,
  options: PeerOptions,
  target: Target,
  { feel }: { feel: boolean },
): Promise<PeerConnection | undefined> {
  const { signal, book, peers, log } = parts
  const { host, port } = target
  let met: PeerHello | undefined
  const admit: PeerOptions['admit'] = (hello, remote) => {
    const refusal = options.admit?.(hello, remote)
    if (refusal !== undefined) return refusal
    met = hello
    return feel || peers.get(hash160(hello.nodeKey)) !== undefined ? SEEN : undefined
  }
  const note = async (noting: Promise<void>): Promise<void> => {
    await noting.catch((error: unknown) => {
      if (!signal.aborted) log.warn({ err: error, host, port }, 'the address book cannot be written')
    })
  }
  try {
    const connection = await dialPeer({ ...options, host, port, admit, signal })
    await note(book.reached(target, connection.hello))
    return connection
  } catch (error) {
    if (signal.aborted) throw error
    if (isSelf(error)) await note(book.isOwn(target))
    else if (met === undefined) await note(book.failed(target, peers.list().length > 0))
    else {
      await note(book.reached(target, met))
      return undefined
    }
    throw error
  }
}

/** Did we reach ourselves? */
export function isSelf(error: unknown): boolean {
  return isCoded(error) && (error.code === 'SELF_CONNECTION' || error.data.code === 'SELF_CONNECTION')
}
