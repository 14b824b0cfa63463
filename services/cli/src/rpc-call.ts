import { isCoded } from '@camelid/errors'
import { type RpcClient, rpcClient, type TypedService } from '@camelid/rpc'
import { CliError, usage } from './cli-error.ts'

/** How the person starts a service that does not answer, and which option names another address. */
const services = {
  chain: { option: '--chain', start: 'make testnet, or node services/chain/src/main.ts' },
  'job-pool': { option: '--job-pool', start: 'make testnet, or node services/job-pool/src/main.ts' },
  gateway: { option: '--gateway', start: 'make testnet, or node services/gateway/src/main.ts' },
} as const

export type ServiceName = keyof typeof services

/** Opens a connection for the time of `work`. Errors: UNREACHABLE with what to start; the service's own otherwise. */
export async function withService<S extends TypedService, T>(
  service: { name: ServiceName; definition: S; address: string },
  work: (client: RpcClient<S>) => Promise<T>,
): Promise<T> {
  const { name, definition, address } = service
  if (!/^(\[[0-9a-fA-F:.]+\]|[^:\s]+):\d{1,5}$/.test(address)) {
    throw usage(`"${address}" is no address: ${services[name].option} takes host:port, e.g. 127.0.0.1:7342`)
  }
  const client = rpcClient(definition, address)
  try {
    return await work(client)
  } catch (error) {
    if (!isCoded(error) || (error.code !== 'UNAVAILABLE' && error.code !== 'DEADLINE_EXCEEDED')) throw error
    const what = error.code === 'UNAVAILABLE' ? 'cannot be reached' : 'does not answer in time'
    const { option, start } = services[name]
    throw new CliError(
      'UNREACHABLE',
      `the ${name} service at ${address} ${what}. Start it (${start}), or name another by ${option} HOST:PORT`,
      {
        cause: error,
      },
    )
  } finally {
    client.close()
  }
}
