import { isCoded } from '@camelid/errors'
import type { Testnet } from '../testnet.ts'
import { buyOn, withTestnet } from './with-testnet.ts'

/** `make testnet`: a testnet and a first job; stays until Ctrl-C. */
export function testnet(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  return withTestnet(env, signal, async (running) => {
    await firstJob(running, env, signal)
    process.stdout.write(addresses(running))
    return await new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(0), { once: true }))
  })
}

/** A first job that goes wrong is told, and leaves the testnet up to find out why. */
async function firstJob(running: Testnet, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  try {
    await buyOn(running, env, signal)
  } catch (error) {
    if (signal.aborted || !isCoded(error)) throw error
    process.stderr.write(`camelid: the first job failed: ${error.message} [${error.code}]\n`)
  }
}

function addresses({ ports, clientUrl, chainUrl, jobPoolUrl, gatewayUrl, state }: Testnet): string {
  const rows = [
    ['client API', clientUrl],
    ['peer protocol', `127.0.0.1:${ports.p2p}`],
    ['chain gRPC', chainUrl],
    ['job-pool gRPC', jobPoolUrl],
    ['gateway gRPC', gatewayUrl],
    ['PostgreSQL', `127.0.0.1:${ports.postgres}`],
    ['NATS', `127.0.0.1:${ports.nats}`],
    [
      'metrics',
      `http://127.0.0.1:${ports.chainHttp}/metrics (chain), ${ports.jobPoolHttp} (job-pool), ${ports.worker1Http} and ${ports.worker2Http} (workers), …`,
    ],
    ['state, logs', `${state.home}`],
  ]
  const lines = rows.map(([name = '', where = '']) => `  ${name.padEnd(14)} ${where}`)
  return `\nThe testnet runs; Ctrl-C stops it.\n${lines.join('\n')}\n\nBuy another one:\n  npm run -s camelid -- job post "Tell me a story about a fox."\n`
}
