import type { LocalNode } from '../services/table.ts'
import type { Testnet } from '../testnet.ts'

const DEFAULT_CLIENT = 'http://127.0.0.1:7360'

/** What somebody who has just started a testnet wants to know: where everything is, and what to do next. */
export function addressesText({ ports, nodes, clientUrl, state }: Testnet): string {
  const databases = nodes.map(({ database }) => database).join(', ')
  const rows = [
    ['client API', clientUrl],
    ...nodes.flatMap(nodeRows),
    ['PostgreSQL', `127.0.0.1:${ports.postgres}, database ${databases}, password in ${state.home}/postgres.password`],
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

function nodeRows(
  { peerUrl, chainUrl, jobPoolUrl, gatewayUrl, services }: LocalNode,
  index: number,
  all: readonly LocalNode[],
): (readonly [string, string])[] {
  const http = services.map(({ role, httpPort }) => `${role} ${httpPort}`).join(', ')
  return [
    ...(all.length > 1 ? [[`node ${index + 1}`, ''] as const] : []),
    ['peer protocol', peerUrl],
    ['gRPC', `chain ${chainUrl}, job-pool ${jobPoolUrl}, gateway ${gatewayUrl}`],
    ['metrics', `http://127.0.0.1:PORT/metrics: ${http}`],
  ]
}
