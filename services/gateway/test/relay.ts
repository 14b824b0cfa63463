import { freePort } from '@camelid/local/testing'
import { type KnownType, Services, submit } from '@camelid/p2p'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { sharedNats } from './shared-nats.ts'
import { StandInPool } from './stand-in-pool.ts'
import { TestGateway } from './test-gateway.ts'
import type { TestPeer } from './test-peer.ts'
import { until } from './until.ts'

/** What a whole node says of itself. */
export const KEEPER = { services: Services.CHAIN | Services.JOBS }

let counter = 0
/** A payload that was not there before. */
export const payloadOf = (): Uint8Array => Buffer.from(`message ${++counter}`)

/** A gateway before a job-pool that judges as a test wishes. No chain: what concerns it is tested with the real one. */
export class Relay implements AsyncDisposable {
  readonly gateway: TestGateway
  readonly pool: StandInPool

  private constructor(gateway: TestGateway, pool: StandInPool) {
    this.gateway = gateway
    this.pool = pool
  }

  static async start(more: Record<string, string> = {}): Promise<Relay> {
    const pool = await new StandInPool(await freePort()).start()
    const env = { JOB_POOL_URL: `127.0.0.1:${pool.port}`, CHAIN_URL: `127.0.0.1:${await freePort()}` }
    const relay = new Relay(await TestGateway.start({ ...env, ...more }), pool)
    await relay.poolConnected()
    return relay
  }

  async poolConnected(): Promise<void> {
    const probe = await this.gateway.dial()
    await until('the stream to the job-pool', async () => {
      const message = { type: MessageType.CLAIM, payload: payloadOf() }
      return (await submit(probe.connection, message, { timeoutMs: 5_000 })).code !== 'UNAVAILABLE'
    })
    probe.connection.close('NOT_NEEDED')
  }

  /** Floods a message from a peer, and gives the gateway's word on it. */
  tell(peer: TestPeer, type: KnownType, payload: Uint8Array, more: object = {}) {
    return submit(peer.connection, { type, payload, flood: true, ...more }, { timeoutMs: 5_000 })
  }

  /** Goes out to everybody after whatever was sent before, so that what has not come by then does not come. */
  async settle(...peers: TestPeer[]): Promise<void> {
    const payload = payloadOf()
    await this.gateway.client.broadcast({ type: MessageType.COUNTER, payload })
    for (const peer of peers)
      await until('the last broadcast', () =>
        peer.of(MessageType.COUNTER).some((frame) => Buffer.compare(frame.payload, payload) === 0),
      )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]()
    await this.pool.stop()
    await (await sharedNats()).stop()
  }
}
