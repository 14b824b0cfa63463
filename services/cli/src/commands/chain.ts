import type { Command } from 'commander'
import { chainOption, group, jsonOption } from '../options.ts'
import { addChainAdminCommands } from './chain-admin.ts'

type Options = { chain: string; json?: true }

export function addChainCommands(program: Command): void {
  const chain = group(program, 'chain', 'look into the chain of a node, and care for its database')

  chain
    .command('tip')
    .description('show the newest block of the best chain')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { showTip } = await import('../actions/show-tip.ts')
      await showTip(options)
    })

  chain
    .command('block')
    .description('show a block')
    .argument('<block>', 'height or hash')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (block: string, options: Options) => {
      const { showBlock } = await import('../actions/show-block.ts')
      await showBlock(block, options)
    })

  chain
    .command('tx')
    .description('show a transaction')
    .argument('<txid>')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (txid: string, options: Options) => {
      const { showTransaction } = await import('../actions/show-transaction.ts')
      await showTransaction(txid, options)
    })

  chain
    .command('address')
    .description('show what an address holds, and what it received and sent')
    .argument('<address>')
    .option('--limit <n>', 'so many of the newest transactions, 1 to 1000', '20')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (address: string, options: Options & { limit: string }) => {
      const { showAddress } = await import('../actions/show-address.ts')
      await showAddress(address, options)
    })

  chain
    .command('fee')
    .description('show what to pay to be mined soon')
    .option('--blocks <n>', 'within so many blocks, 1 to 48', '6')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (options: Options & { blocks: string }) => {
      const { showFee } = await import('../actions/show-fee.ts')
      await showFee(options)
    })

  addChainAdminCommands(chain)
}
