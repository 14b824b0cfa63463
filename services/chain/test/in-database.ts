import { openStore } from '@camelid/store'

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined }

/** Runs SQL on the chain's tables behind the back of the service. */
export async function inDatabase(url: string, change: string): Promise<void> {
  const signal = AbortSignal.timeout(10_000)
  const migrations = new URL('../migrations/', import.meta.url)
  await using store = await openStore({ url, schema: 'chain', migrations, log, signal })
  await store.sql.unsafe(change)
}
