import type { Command } from 'commander'
import { clientOption, group, jsonOption } from '../options.ts'

export function addWalletCommands(program: Command): void {
  const wallet = group(program, 'wallet', 'coins of the client, and the words they can be brought back by')

  wallet
    .command('new')
    .description('create a wallet keystore for a client that has not started yet')
    .requiredOption('--dir <dir>', "the client's DATA_DIR")
    .option(
      '--password-file <file>',
      'file with the password; created with a random one where missing (default: DIR/password)',
    )
    .option('--restore <file>', 'bring a wallet back from a file with its words ("-": standard input)')
    .addOption(jsonOption())
    .action(async (options: { dir: string; passwordFile?: string; restore?: string; json?: true }) => {
      const { newWallet } = await import('../actions/new-wallet.ts')
      await newWallet(options)
    })

  wallet
    .command('words')
    .description('show the 24 words of a wallet: whoever has them has the coins')
    .requiredOption('--dir <dir>', "the client's DATA_DIR")
    .option('--password-file <file>', 'file with the password (default: DIR/password)')
    .action(async (options: { dir: string; passwordFile?: string }) => {
      const { showWords } = await import('../actions/show-words.ts')
      showWords(options)
    })

  wallet
    .command('address')
    .description('show the address to send coins to')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (options: { client: string; json?: true }) => {
      const { showAddress } = await import('../actions/show-wallet.ts')
      await showAddress(options)
    })

  wallet
    .command('new-address')
    .description('get a receiving address that nobody was given before')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (options: { client: string; json?: true }) => {
      const { newAddress } = await import('../actions/list-addresses.ts')
      await newAddress(options)
    })

  wallet
    .command('addresses')
    .description('list the addresses of the wallet, change included, and what they hold')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (options: { client: string; json?: true }) => {
      const { listAddresses } = await import('../actions/list-addresses.ts')
      await listAddresses(options)
    })

  wallet
    .command('balance')
    .description('show balance, height and peers')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (options: { client: string; json?: true }) => {
      const { showBalance } = await import('../actions/show-wallet.ts')
      await showBalance(options)
    })

  wallet
    .command('send')
    .description('pay an address')
    .argument('<address>')
    .argument('<amount>', 'coins, e.g. 0.5')
    .option('--fee-rate <units>', 'base units a byte', '2')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(async (address: string, amount: string, options: { client: string; feeRate: string; json?: true }) => {
      const { sendCoins } = await import('../actions/send-coins.ts')
      await sendCoins(address, amount, options)
    })
}
