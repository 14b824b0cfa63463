import { runCommand } from './commands/run-command.ts'

// Nothing of ours is open any more when a command has returned; the exit makes sure.
process.exit(await runCommand(process.argv.slice(2), process.env))
