import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { selfSignedCertificate } from './certificate.ts'
import type { PeerConnection } from './connection.ts'
import { Door } from './door.ts'
import { P2pError } from './errors.ts'
import { plainHost } from './host.ts'
import { limitsOf, openConnection } from './open-connection.ts'
import type { PeerOptions, Remote } from './options.ts'

/** A listening socket for peers. */
export interface PeerListener extends AsyncDisposable {
  /** The port in use, where 0 was asked for. */
  readonly port: number
}

export interface ListenOptions extends PeerOptions {
  readonly host: string
  readonly port: number
  /** Called for every peer that proved its key. */
  readonly onConnection: (connection: PeerConnection) => void
  /** Called for every one that did not, or was not wanted. */
  readonly onRefused?: (remote: Remote, reason: P2pError) => void
  /** Sockets at once, in handshake or after it; more are closed at accept. */
  readonly maxSockets?: number
  /** Of them in handshake; beyond them the host that has the most gives way. */
  readonly maxHandshakes?: number
  /** Sockets at once from one address, or one /64 of IPv6; more are closed at accept. */
  readonly maxSocketsPerHost?: number
  /** Called for every socket that is closed at accept. */
  readonly onCrowded?: () => void
}

/**
 * Listens for peers: TLS 1.3 with a certificate of this process, then the handshake.
 * @throws P2pError PORT_IN_USE, LISTEN_FAILED
 */
export async function listenPeers(options: ListenOptions): Promise<PeerListener> {
  const limits = limitsOf(options)
  const { maxSockets = 256, maxSocketsPerHost = 256, maxHandshakes = maxSockets } = options
  const door = new Door({ maxSockets, maxHandshakes, maxSocketsPerHost })
  const server = createServer({
    ...selfSignedCertificate(),
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    handshakeTimeout: limits.handshakeMs,
  })
  server.on('connection', (socket: Socket) => {
    if (door.enter(socket)) return
    socket.destroy()
    options.onCrowded?.()
    options.log.debug({ host: socket.remoteAddress }, 'too many sockets: one more was closed')
  })
  server.on('tlsClientError', (cause, socket) => {
    socket.destroy()
    options.onRefused?.(remoteOf(socket), new P2pError('CONNECT_FAILED', `no TLS 1.3: ${cause.message}`, { cause }))
  })
  server.on('secureConnection', (socket) => {
    const remote = remoteOf(socket)
    const deadlineMs = performance.now() + limits.handshakeMs
    openConnection(socket, { role: 'responder', options, remote, deadlineMs }).then(
      (connection) => {
        door.through(socket)
        options.onConnection(connection)
      },
      (error: unknown) => {
        if (error instanceof P2pError) options.onRefused?.(remote, error)
        else options.log.warn({ err: error, remote }, 'a handshake failed')
      },
    )
  })
  await listen(server, options)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of door.sockets) socket.destroySoon()
      const timer = setTimeout(() => {
        for (const socket of door.sockets) socket.destroy()
      }, 1_000)
      await closed
      clearTimeout(timer)
    },
  }
}

function listen(server: Server, options: ListenOptions): Promise<void> {
  const { host, port } = options
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE'
      reject(
        inUse
          ? new P2pError(
              'PORT_IN_USE',
              `port ${port} on ${host} is in use: stop what listens there, or set another port`,
              { cause },
            )
          : new P2pError('LISTEN_FAILED', `cannot listen on ${host}:${port}: ${cause.message}`, { cause }),
      )
    })
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      server.on('error', (error) => options.log.warn({ err: error }, 'the listening socket reports an error'))
      resolve()
    })
  })
}

function remoteOf(socket: TLSSocket): Remote {
  return { host: plainHost(socket.remoteAddress ?? 'unknown'), port: socket.remotePort ?? 0 }
}
