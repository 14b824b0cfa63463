import { type ServiceContext, systemClock } from '@camelid/runtime'
import { openClient } from './client.ts'
import type { ClientConfig } from './config.ts'
import { addRoutes } from './http/routes.ts'
import { runClient } from './run-client.ts'

/** Opens the client, its API and its connections; returns while peers are still being dialled. */
export async function start(service: ServiceContext<ClientConfig>): Promise<void> {
  const { config, log, signal, stack, http, health, fail } = service
  const clock = systemClock(config.CLOCK_OFFSET_MS)
  const client = openClient({ config, log, signal, stack, nowMs: () => clock.nowMs() })
  const { context, desk, wallet } = client
  const limits = {
    maxLiveJobs: config.MAX_LIVE_JOBS,
    clientHost: config.CLIENT_HOST,
    clientPort: config.CLIENT_PORT,
    timelockSlackS: config.TIMELOCK_SLACK_S,
  }
  addRoutes(http, { client, limits, signal, allowRemote: config.ALLOW_REMOTE_HTTP })
  health.add('peers', async () => {
    if (context.peers.list().length === 0) throw new Error(`none of ${config.PEERS.join(', ')} is connected`)
  })
  health.add('headers', async () => {
    if (!wallet.synced) throw new Error(`height ${context.chain.tip.height}, still syncing`)
  })
  const running = runClient(client, config.PEERS)
  running.catch((error: unknown) => fail('the client cannot go on', error))
  // Before the file closes: what peers said last reaches the disk.
  stack.defer(async () => {
    await running.catch(() => undefined)
    await desk.idle()
  })
  warmUp(client)
}

/** Opens the first model in the background, so that the first output is checked as fast as the tenth. */
function warmUp({ context }: ReturnType<typeof openClient>): void {
  const [name] = context.library.names()
  if (name === undefined) return
  void context.library.borrow(context.library.find(name).sha256Hex).then((borrowed) => borrowed?.[Symbol.dispose]())
}
