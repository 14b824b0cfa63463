import type { Command } from 'commander'
import { gatewayOption, group, jsonOption } from '../options.ts'

type Options = { gateway: string; json?: true }

export function addPeerCommands(program: Command): void {
  const peer = group(program, 'peer', 'peers of a node')
  peer
    .command('list')
    .description('show who is connected')
    .addOption(gatewayOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { listPeers } = await import('../actions/list-peers.ts')
      await listPeers(options)
    })

  peer
    .command('bans')
    .description('show who is kept out, why, and until when')
    .addOption(gatewayOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { listBans } = await import('../actions/list-bans.ts')
      await listBans(options)
    })

  peer
    .command('ban')
    .description('end the connections of a node or a host, and keep it out')
    .argument('<node|host>', "a node's address, or an IP address")
    .option('--minutes <n>', 'how long', '1440')
    .option('--reason <text>', 'what the peer and the log are told', 'by the operator')
    .addOption(gatewayOption())
    .addOption(jsonOption())
    .action(async (target: string, options: Options & { minutes: string; reason: string }) => {
      const { banPeer } = await import('../actions/ban-peer.ts')
      await banPeer(target, options)
    })

  peer
    .command('unban')
    .description('let a node or a host in again')
    .argument('<node|host>', 'as it was banned')
    .addOption(gatewayOption())
    .addOption(jsonOption())
    .action(async (target: string, options: Options) => {
      const { unbanPeer } = await import('../actions/unban-peer.ts')
      await unbanPeer(target, options)
    })
}
