import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { serveRpc, serviceImpl } from '@camelid/rpc'
import { eventually } from './eventually.ts'

type Flood = { readonly type: number; readonly payload: Uint8Array }

/** The gateway as far as the job-pool sees it: takes floods, in the place of peers. */
export type StandInGateway = AsyncDisposable & {
  readonly url: string
  readonly floods: Flood[]
  /** The first flood of a type that fits, from now or before. */
  flood(type: number, fits?: (payload: Uint8Array) => boolean, withinMs?: number): Promise<Uint8Array>
}

export async function startGateway(): Promise<StandInGateway> {
  const floods: Flood[] = []
  const service = serviceImpl(GatewayService, {
    send: () => Promise.resolve({ sent: 1 }),
    broadcast: ({ type, payload }) => {
      floods.push({ type, payload: Uint8Array.from(payload) })
      return Promise.resolve({ sent: 1 })
    },
    listPeers: () => Promise.resolve({ peers: [] }),
    listBans: () => Promise.resolve({ bans: [] }),
    ban: () => Promise.resolve({}),
    unban: () => Promise.resolve({}),
  })
  const server = await serveRpc({ host: '127.0.0.1', port: 0, services: [service], log: console })
  return {
    url: `127.0.0.1:${server.port}`,
    floods,
    flood: (type, fits = () => true, withinMs = 30_000) =>
      eventually(
        `flood of type ${type}`,
        () => Promise.resolve(floods.find((one) => one.type === type && fits(one.payload))?.payload ?? null),
        withinMs,
      ),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
