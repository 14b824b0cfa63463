import type { Command } from 'commander'
import { chainOption, jsonOption } from '../options.ts'

type Options = { chain: string; json?: true }

/** What an operator does to the database of a node's own chain. */
export function addChainAdminCommands(chain: Command): void {
  chain
    .command('verify')
    .description('hold all tables of the chain against each other, and print the hash of its state')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { verifyChain } = await import('../actions/verify-chain.ts')
      await verifyChain(options)
    })

  chain
    .command('reindex')
    .description(
      'make all tables again from the raw blocks; where the service does not start, start it once with REINDEX=on instead',
    )
    .option('--full', 'run every script again, not only those of the newest 1,000 blocks')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (options: Options & { full?: true }) => {
      const { reindexChain } = await import('../actions/reindex-chain.ts')
      await reindexChain(options)
    })

  chain
    .command('prune')
    .description('drop all but the newest blocks for good; headers, coins and indexes stay')
    .requiredOption('--keep <blocks>', 'newest blocks to keep')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (options: Options & { keep: string }) => {
      const { pruneChain } = await import('../actions/prune-chain.ts')
      await pruneChain(options)
    })

  chain
    .command('export')
    .description('write the state at the tip into a file, and print its hash')
    .argument('<file>', 'must not be there yet')
    .option('--blocks <n>', 'newest blocks to give in full (default: as few as a node may keep)')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (file: string, options: Options & { blocks?: string }) => {
      const { exportChain } = await import('../actions/export-chain.ts')
      await exportChain(file, options)
    })

  chain
    .command('import')
    .description('take a snapshot into a node whose chain is empty')
    .argument('<file>')
    .option('--hash <hex>', 'the hash it must have, from somebody you trust')
    .option('--trust', 'take whatever the file says: only for one that you exported yourself')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (file: string, options: Options & { hash?: string; trust?: true }) => {
      const { importChain } = await import('../actions/import-chain.ts')
      await importChain(file, options)
    })
}
