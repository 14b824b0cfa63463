import { CommanderError } from 'commander'
import { EXIT } from './exit-codes.ts'
import { explain } from './explain.ts'
import { createProgram } from './program.ts'

/** Runs one command line (without node and script) and gives its exit code; never throws. */
export async function run(args: readonly string[]): Promise<number> {
  // A reader that leaves early (`camelid job list | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  try {
    await createProgram().parseAsync([...args], { from: 'user' })
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT.ok
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    const { lines, isUsage } = explain(error)
    process.stderr.write(`${lines.join('\n')}\n`)
    return isUsage ? EXIT.usage : EXIT.failed
  }
}
