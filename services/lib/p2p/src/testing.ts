import { connect, type TLSSocket } from 'node:tls'
import { generatePrivateKey } from '@camelid/crypto'
import type { PeerConnection } from './connection.ts'
import { dialPeer } from './dial.ts'
import { P2pError } from './errors.ts'
import { encodeFrame, NO_ADDRESS } from './frame.ts'
import { type ListenOptions, listenPeers, type PeerListener } from './listen.ts'
import type { KnownType } from './message-type.ts'
import { identityOf, type PeerOptions } from './options.ts'

export const LOCAL = { name: 'local', magic: Uint8Array.of(0xc4, 0x3e, 0x1d, 0x03) } as const

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }

/** A party with a fresh key and nothing unusual about it. */
export function party(overrides: Partial<PeerOptions> = {}): PeerOptions {
  return {
    identity: identityOf(generatePrivateKey()),
    params: LOCAL,
    services: 0n,
    agent: 'test/1',
    getStatus: () => ({ height: 7, work: Uint8Array.of(1, 2) }),
    log: silent,
    ...overrides,
  }
}

/** For assert.rejects: a failure of this name. */
export const code = (expected: string) => (error: unknown) => error instanceof P2pError && error.code === expected

/** Dials a listener on loopback. */
export function dial(port: number, options: PeerOptions = party()): Promise<PeerConnection> {
  return dialPeer({ ...options, host: '127.0.0.1', port })
}

/** The bytes of a frame as a party would send it, for peers that do not keep to the protocol. */
export function frame(
  options: PeerOptions,
  type: KnownType,
  payload: Uint8Array,
  magic: Uint8Array = LOCAL.magic,
): Uint8Array {
  const messageId = new Uint8Array(16)
  const addresses = { sender: options.identity.h2, receiver: NO_ADDRESS }
  return encodeFrame({ type, payload, messageId, ...addresses, ttl: 0, flood: false }, magic)
}

/** A listening party on a free port of loopback, with what came to it. */
export interface TestListener extends AsyncDisposable {
  readonly port: number
  readonly options: PeerOptions
  /** The next connection that was accepted, or rejects with the next refusal. */
  next(): Promise<PeerConnection>
}

export async function listening(
  overrides: Partial<PeerOptions> & Pick<Partial<ListenOptions>, 'maxSockets' | 'maxHandshakes'> = {},
): Promise<TestListener> {
  const options = party(overrides)
  const events: (PeerConnection | P2pError)[] = []
  let wake: (() => void) | undefined
  const push = (event: PeerConnection | P2pError): void => {
    events.push(event)
    wake?.()
  }
  const listener: PeerListener = await listenPeers({
    ...overrides,
    ...options,
    host: '127.0.0.1',
    port: 0,
    onConnection: push,
    onRefused: (_remote, reason) => push(reason),
  })
  return {
    port: listener.port,
    options,
    async next() {
      for (;;) {
        const event = events.shift()
        if (event instanceof Error) throw event
        if (event !== undefined) return event
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  }
}

/** Two parties, connected; `near` dialled. */
export async function connected(
  options: { near?: Partial<PeerOptions>; far?: Partial<PeerOptions> } = {},
): Promise<{ near: PeerConnection; far: PeerConnection } & AsyncDisposable> {
  const listener = await listening(options.far)
  const near = await dial(listener.port, party(options.near))
  const far = await listener.next()
  return {
    near,
    far,
    async [Symbol.asyncDispose]() {
      near.close('NOT_NEEDED')
      far.close('NOT_NEEDED')
      await listener[Symbol.asyncDispose]()
    },
  }
}

/** A bare TLS socket to a listener: for peers that do not keep to the protocol. */
export async function rawSocket(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, minVersion: 'TLSv1.3' })
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()))
  return socket
}

/** Everything a socket says until it ends. */
export async function untilEnd(socket: TLSSocket): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  socket.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return Buffer.concat(chunks)
}
