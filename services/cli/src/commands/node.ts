import type { Command } from 'commander'
import { clientOption, gatewayOption, group, jobPoolOption, jsonOption } from '../options.ts'

export function addNodeCommands(program: Command): void {
  const node = group(program, 'node', 'set a farm node up, and see what it does')

  node
    .command('init')
    .description('create node and mining keys with their password files; never writes over keys that are there')
    .requiredOption('--dir <dir>', 'directory for the keystores, mode 0700')
    .option('--network <name>', 'main, test or local', 'local')
    .addOption(jsonOption())
    .action(async (options: { dir: string; network: string; json?: true }) => {
      const { initNode } = await import('../actions/init-node.ts')
      initNode(options)
    })

  node
    .command('status')
    .description('show key, bonds, models and what the node still waits for')
    .addOption(jobPoolOption())
    .addOption(gatewayOption())
    .addOption(jsonOption())
    .action(async (options: { jobPool: string; gateway: string; json?: true }) => {
      const { showNode } = await import('../actions/show-node.ts')
      await showNode(options)
    })

  node
    .command('standing')
    .description('list what the client makes of nodes: as sellers of outputs, and as checkers of those of others')
    .argument('[node]', 'one node by its key or its address, in more words')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (name: string | undefined, options: { client: string; json?: true }) => {
      const { listStandings } = await import('../actions/list-standings.ts')
      await listStandings(name, options)
    })
}
