import type { TLSSocket } from 'node:tls'
import { PeerConnection } from './connection.ts'
import { P2pError } from './errors.ts'
import { FrameSocket } from './frame-socket.ts'
import { handshakeLimit, shakeHands } from './handshake.ts'
import type { KnownType } from './message-type.ts'
import { type ConnectionLimits, DEFAULT_LIMITS, type PeerOptions, type Remote } from './options.ts'

/** The bounds of a connection: the given ones over the defaults. */
export function limitsOf(options: PeerOptions): ConnectionLimits {
  return { ...DEFAULT_LIMITS, ...options.limits }
}

/**
 * Makes a connection of a TLS socket: handshake within its deadline, then frames.
 * @throws P2pError what the handshake found, HANDSHAKE_TIMEOUT, ABORTED; the socket is closed then
 */
export async function openConnection(
  socket: TLSSocket,
  context: {
    role: 'initiator' | 'responder'
    options: PeerOptions
    remote: Remote
    deadlineMs: number
    signal?: AbortSignal | undefined
  },
): Promise<PeerConnection> {
  const { role, options, remote } = context
  const limits = limitsOf(options)
  let limitOf: (type: KnownType) => number | undefined = handshakeLimit
  const io = new FrameSocket({
    socket,
    magic: options.params.magic,
    sender: options.identity.h2,
    limitOf: (type) => limitOf(type),
    limits,
    onTraffic: options.onTraffic,
  })
  const timer = setTimeout(
    () => io.close(new P2pError('HANDSHAKE_TIMEOUT', `the handshake took over ${limits.handshakeMs} ms`)),
    Math.max(0, context.deadlineMs - performance.now()),
  )
  const abort = (): void => io.close(new P2pError('ABORTED', 'the connection was given up'))
  context.signal?.addEventListener('abort', abort, { once: true })
  if (context.signal?.aborted === true) abort()
  try {
    const hello = await shakeHands(io, role, options, remote)
    const connection = new PeerConnection(io, { hello, remote, inbound: role === 'responder', options, limits })
    limitOf = (type) => connection.limitOf(type)
    // Not before: what the peer says next may be here already, in one piece with the end of its handshake.
    connection.start()
    return connection
  } catch (error) {
    const reason =
      error instanceof P2pError ? error : new P2pError('CONNECTION_LOST', 'the handshake failed', { cause: error })
    io.close(reason)
    throw reason
  } finally {
    clearTimeout(timer)
    context.signal?.removeEventListener('abort', abort)
  }
}
