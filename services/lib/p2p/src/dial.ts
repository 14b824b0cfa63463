import { connect, type TLSSocket } from 'node:tls'
import type { PeerConnection } from './connection.ts'
import { P2pError } from './errors.ts'
import { limitsOf, openConnection } from './open-connection.ts'
import type { PeerOptions } from './options.ts'

/**
 * Connects to a peer and shakes hands.
 * @param options.localAddress address of this machine to come from, where it has several
 * @throws P2pError CONNECT_FAILED where nobody listens or TLS fails, HANDSHAKE_TIMEOUT, ABORTED, and what the handshake
 *   finds: WRONG_NETWORK, OLD_VERSION, SELF_CONNECTION, BAD_PROOF, REFUSED (the peer's own code in `data.code`), …
 */
export async function dialPeer(
  options: PeerOptions & { host: string; port: number; localAddress?: string; signal?: AbortSignal },
): Promise<PeerConnection> {
  const { host, port, localAddress, signal } = options
  const limits = limitsOf(options)
  const deadlineMs = performance.now() + limits.handshakeMs
  const socket = await connectTls({ host, port, localAddress, signal, timeoutMs: limits.handshakeMs })
  const connection = await openConnection(socket, {
    role: 'initiator',
    options,
    remote: { host, port },
    deadlineMs,
    signal,
  })
  options.log.debug({ host, port, agent: connection.hello.agent }, 'connected to a peer')
  return connection
}

function connectTls(options: {
  host: string
  port: number
  localAddress: string | undefined
  timeoutMs: number
  signal: AbortSignal | undefined
}): Promise<TLSSocket> {
  const { host, port, localAddress, timeoutMs, signal } = options
  return new Promise((resolve, reject) => {
    const fail = (error: P2pError): void => {
      finish()
      socket.destroy()
      reject(error)
    }
    const onError = (cause: Error): void =>
      fail(new P2pError('CONNECT_FAILED', `no connection to ${host}:${port}: ${cause.message}`, { cause }))
    const onClose = (): void => fail(new P2pError('CONNECT_FAILED', `${host}:${port} closed before TLS was up`))
    const onAbort = (): void => fail(new P2pError('ABORTED', `the connection to ${host}:${port} was given up`))
    const timer = setTimeout(
      () => fail(new P2pError('HANDSHAKE_TIMEOUT', `${host}:${port} did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    )
    const finish = (): void => {
      clearTimeout(timer)
      socket.off('error', onError)
      socket.off('close', onClose)
      signal?.removeEventListener('abort', onAbort)
      // A destroyed socket may still report what broke it.
      socket.on('error', () => undefined)
    }
    // The certificate is self-signed and proves nothing: who the peer is, its node key says over this very
    // connection (protocol §8). Hence no verification here.
    const from = localAddress === undefined ? {} : { localAddress }
    const tls = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', rejectUnauthorized: false } as const
    const socket = connect({ host, port, ...from, ...tls })
    socket.once('secureConnect', () => {
      finish()
      resolve(socket)
    })
    socket.once('error', onError)
    socket.once('close', onClose)
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted === true) onAbort()
  })
}
