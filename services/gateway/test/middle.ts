import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { selfSignedCertificate } from '@camelid/p2p'

/** Somebody between two nodes. */
export interface Middle extends AsyncDisposable {
  readonly port: number
  /** Everything that passed, in both directions. */
  readonly passed: () => Buffer
}

/** Passes every byte on to `port` and notes it: whoever listens at the line. */
export function tapLine(port: number): Promise<Middle> {
  return sitBetween((take) => createTcpServer((near) => take(near, connect(port, '127.0.0.1'))))
}

/** Ends TLS on either side with a certificate of its own, and passes on what is inside. */
export function breakTls(port: number): Promise<Middle> {
  const onward = (): TLSSocket => connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
  return sitBetween((take) =>
    createTlsServer({ ...selfSignedCertificate(), minVersion: 'TLSv1.3' }, (near) => take(near, onward())),
  )
}

async function sitBetween(listen: (take: (near: Socket, far: Socket) => void) => Server): Promise<Middle> {
  const chunks: Buffer[] = []
  const sockets: Socket[] = []
  const server = listen((near, far) => {
    for (const socket of [near, far]) {
      sockets.push(socket)
      socket.on('error', () => undefined)
      socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    passed: () => Buffer.concat(chunks),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
