import type { Testnet } from '../testnet.ts'

const DEFAULT_CLIENT = 'http://127.0.0.1:7360'

/** What somebody who has just started a testnet wants to know: where everything is, and what to do next. */
export function addressesText({
  ports,
  clientUrl,
  chainUrl,
  jobPoolUrl,
  gatewayUrl,
  state,
}: Pick<Testnet, 'ports' | 'clientUrl' | 'chainUrl' | 'jobPoolUrl' | 'gatewayUrl' | 'state'>): string {
  const metrics = [
    ['chain', ports.chainHttp],
    ['miner', ports.minerHttp],
    ['gateway', ports.gatewayHttp],
    ['job-pool', ports.jobPoolHttp],
    ['workers', `${ports.worker1Http}, ${ports.worker2Http}`],
    ['verifier', ports.verifierHttp],
  ] as const
  const rows = [
    ['client API', clientUrl],
    ['peer protocol', `127.0.0.1:${ports.p2p}`],
    ['gRPC', `chain ${chainUrl}, job-pool ${jobPoolUrl}, gateway ${gatewayUrl}`],
    ['metrics', `http://127.0.0.1:PORT/metrics: ${metrics.map(([name, port]) => `${name} ${port}`).join(', ')}`],
    ['PostgreSQL', `127.0.0.1:${ports.postgres}, database camelid, password in ${state.home}/postgres.password`],
    ['NATS', `127.0.0.1:${ports.nats}`],
    ['logs', state.logs],
  ] as const
  const lines = rows.map(([name, where]) => `  ${name.padEnd(14)} ${where}`)
  const elsewhere = clientUrl === DEFAULT_CLIENT ? '' : ` --client ${clientUrl}`
  return `
The testnet runs; Ctrl-C stops it.
${lines.join('\n')}

Buy another one, from a second terminal:
  npm run -s camelid -- job post "Tell me a story about a fox." --watch${elsewhere}
`
}
