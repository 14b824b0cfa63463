import { CommanderError } from 'commander'
import { explain } from './explain.ts'
import { createProgram } from './program.ts'

/** What the program exits with: done; it failed; the command line was wrong. */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const

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
