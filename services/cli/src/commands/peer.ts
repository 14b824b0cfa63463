import type { Command } from 'commander'
import { gatewayOption, group, jsonOption } from '../options.ts'

export function addPeerCommands(program: Command): void {
  const peer = group(program, 'peer', 'peers of a node')
  peer
    .command('list')
    .description('show who is connected')
    .addOption(gatewayOption())
    .addOption(jsonOption())
    .action(async (options: { gateway: string; json?: true }) => {
      const { listPeers } = await import('../actions/list-peers.ts')
      await listPeers(options)
    })
}
