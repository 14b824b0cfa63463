import { Command } from 'commander'
import { addChainCommands } from './commands/chain.ts'
import { addFaucetCommand } from './commands/faucet.ts'
import { addJobCommands } from './commands/job.ts'
import { addModelCommands } from './commands/model.ts'
import { addNodeCommands } from './commands/node.ts'
import { addPeerCommands } from './commands/peer.ts'
import { addVersionCommand } from './commands/version.ts'
import { addWalletCommands } from './commands/wallet.ts'

/** The whole command line. What a command needs is loaded when it runs: help and typos answer at once. */
export function createProgram(): Command {
  const program = new Command('camelid')
    .description('Buy and sell checked LLM completions on the CamelidCoin chain.')
    .showSuggestionAfterError()
    .showHelpAfterError('(camelid --help lists what there is)')
    .enablePositionalOptions()
    .exitOverride()
  addWalletCommands(program)
  addJobCommands(program)
  addNodeCommands(program)
  addChainCommands(program)
  addPeerCommands(program)
  addModelCommands(program)
  addFaucetCommand(program)
  addVersionCommand(program)
  inherit(program, program.commands)
  return program
}

/** Subcommands treat a wrong command line as the program does. */
function inherit(program: Command, commands: readonly Command[]): void {
  for (const command of commands) {
    command.copyInheritedSettings(program)
    inherit(program, command.commands)
  }
}
