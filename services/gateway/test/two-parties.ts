import { networkParams } from '@camelid/consensus'
import { generatePrivateKey } from '@camelid/crypto'
import {
  dialPeer,
  type Identity,
  identityOf,
  listenPeers,
  type PeerConnection,
  type PeerOptions,
  Services,
} from '@camelid/p2p'
import { Peer } from '../src/peers/peer.ts'
import { PeerTable } from '../src/peers/peer-table.ts'
import { silent, TestPeer } from './test-peer.ts'
import { until } from './until.ts'

const params = networkParams('local')

function options(identity: Identity): PeerOptions {
  return {
    identity,
    params,
    services: Services.CHAIN,
    agent: 'test/1',
    getStatus: () => ({ height: 0, work: new Uint8Array(0) }),
    log: silent,
  }
}

/** A party that listens, with a table of its peers. */
export async function node(limits: PeerOptions['limits'] = {}) {
  const identity = identityOf(generatePrivateKey())
  const table = new PeerTable({ identity, magic: params.magic, metrics: { dropped: () => undefined } })
  const take = (connection: PeerConnection): Peer => {
    const peer = new Peer(connection, 0)
    table.add(peer)
    void connection.closed.then(() => table.remove(peer))
    return peer
  }
  const listener = await listenPeers({
    ...options(identity),
    limits,
    host: '127.0.0.1',
    port: 0,
    onConnection: (connection) => {
      take(connection)
    },
  })
  return {
    identity,
    table,
    listener,
    async dial(port: number): Promise<Peer> {
      return take(await dialPeer({ ...options(identity), host: '127.0.0.1', port }))
    },
    async [Symbol.asyncDispose]() {
      table.closeAll()
      await listener[Symbol.asyncDispose]()
    },
  }
}

/** A peer of `hub`, seen from both sides. */
export async function peerOf(hub: Awaited<ReturnType<typeof node>>): Promise<{ far: TestPeer; near: Peer }> {
  const identity = identityOf(generatePrivateKey())
  const far = new TestPeer(await dialPeer({ ...options(identity), host: '127.0.0.1', port: hub.listener.port }))
  return { far, near: await until('the peer', () => hub.table.get(identity.h2)) }
}
