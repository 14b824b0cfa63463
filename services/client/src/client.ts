import { join } from 'node:path'
import { bigIntToBytes32 } from '@camelid/crypto'
import { dialPeer, identityOf } from '@camelid/p2p'
import { outsourcing } from './checks/check-outsourced.ts'
import type { ClientConfig } from './config.ts'
import { HeaderChain } from './headers/header-chain.ts'
import type { JobContext } from './jobs/job-context.ts'
import { JobDesk } from './jobs/job-desk.ts'
import { openKeys } from './keys/open-keys.ts'
import type { Log } from './log.ts'
import { openLibrary } from './models/library.ts'
import { Standings } from './nodes/standings.ts'
import { Notifier } from './notifier.ts'
import type { Parts } from './parts.ts'
import { PeerSet } from './peers/peer-set.ts'
import { addressStore } from './store/addresses.ts'
import { coinStore } from './store/coins.ts'
import { jobStore } from './store/jobs.ts'
import { makePrivateDirectory, openStore } from './store/open.ts'
import { spendStore } from './store/spends.ts'
import { AddressBook } from './wallet/address-book.ts'
import { Wallet } from './wallet/wallet.ts'

const AGENT = 'camelid-client/0.1.0'

/** A client with everything open and nothing running yet. */
export interface Client {
  readonly context: JobContext
  readonly desk: JobDesk
  readonly wallet: Wallet
}

/** Opens keys, file, headers and models; each closes with `stack`, in reverse order. */
export function openClient(options: {
  config: ClientConfig
  log: Log
  signal: AbortSignal
  stack: AsyncDisposableStack
  nowMs: () => number
}): Client {
  const { config, log, signal, stack, nowMs } = options
  const { params, minPeers } = config
  makePrivateDirectory(config.DATA_DIR)
  const store = stack.use(openStore({ dataDir: config.DATA_DIR }))
  const { keys, created } = openKeys({ dataDir: config.DATA_DIR, passwordFile: config.PASSWORD_FILE })
  if (created) {
    log.info(
      { address: keys.address },
      `new wallet in ${join(config.DATA_DIR, 'wallet.keystore')}: write its words down (camelid wallet words)`,
    )
  }
  const { MODELS_DIR: modelsDir, ENGINE_THREADS: threads, MODEL_MEMORY_MB: memoryMb } = config
  const memoryBytes = memoryMb === undefined ? undefined : memoryMb * 2 ** 20
  const library = stack.use(openLibrary({ modelsDir, threads, memoryBytes, log }))
  const chain = new HeaderChain({ store, params, nowSeconds: () => Math.floor(nowMs() / 1000) })
  const identity = identityOf(keys.peerKey)
  const peers = new PeerSet({
    log,
    dial: (target) =>
      dialPeer({
        ...target,
        identity,
        params,
        services: 0n,
        agent: AGENT,
        getStatus: () => ({ height: chain.tip.height, work: bigIntToBytes32(chain.tip.work) }),
        log,
      }),
  })
  const spends = spendStore(store)
  const parts: Parts = {
    params,
    minPeers,
    store,
    coins: coinStore(store),
    jobs: jobStore(store),
    spends,
    chain,
    peers,
    keys,
    addresses: new AddressBook({ account: keys.account, store, addresses: addressStore(store), spends }),
    library,
    standings: new Standings({ store, nowMs }),
    outsourcing: config.OUTSOURCE_CHECKS ? outsourcing(config.CHECK_TIMEOUT_MS) : undefined,
    nowMs,
    log,
    signal,
  }
  const wallet = new Wallet(parts)
  const context: JobContext = { ...parts, wallet, events: new Notifier() }
  return { context, wallet, desk: new JobDesk(context) }
}
