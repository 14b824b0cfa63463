import { openStore, type Store } from '@camelid/store'
import type { TestGateway } from './test-gateway.ts'
import { silent } from './test-peer.ts'

/** The gateway's schema in the database at `url`. */
export async function gatewayStore(url: string): Promise<Store> {
  const migrations = new URL('../migrations/', import.meta.url)
  return await openStore({ url, schema: 'gateway', migrations, log: silent, signal: new AbortController().signal })
}

/** The database of a gateway, past the gateway. */
export function databaseOf(gateway: TestGateway): Promise<Store> {
  return gatewayStore(gateway.env.DATABASE_URL ?? '')
}
