import type { Command } from 'commander'
import { chainOption, jsonOption } from '../options.ts'

export interface FaucetOptions {
  chain: string
  keystore: string
  passwordFile?: string
  wait: string
  outputs: string
  json?: true
}

export function addFaucetCommand(program: Command): void {
  program
    .command('faucet')
    .description('pay an address from matured mining rewards')
    .argument('<address>')
    .argument('[amount]', 'coins', '10')
    .option('--keystore <file>', "the miner's keystore", '.camelid/keys/mining.keystore')
    .option('--password-file <file>', 'file with its password (default: beside the keystore)')
    .option('--outputs <n>', 'outputs that the amount is split into, each of a coin at least', '4')
    .option('--wait <seconds>', 'how long to wait for rewards to mature', '120')
    .addOption(chainOption())
    .addOption(jsonOption())
    .action(async (address: string, amount: string, options: FaucetOptions) => {
      const { payFromFaucet } = await import('../actions/pay-from-faucet.ts')
      await payFromFaucet(address, amount, options)
    })
}
