import { isCoded } from '@camelid/errors'
import { watchSignals } from './watch-signals.ts'

type Command = (env: NodeJS.ProcessEnv, signal: AbortSignal) => Promise<number>

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  testnet: async () => (await import('./testnet.ts')).testnet,
  demo: async () => (await import('./demo.ts')).demo,
  job: async () => (await import('./job.ts')).job,
  prepare: async () => (await import('./prepare.ts')).prepare,
  reset: async () => (await import('./reset.ts')).reset,
}

/** 128 + SIGINT: what shells report for a program that Ctrl-C ended. */
const INTERRUPTED = 130

/** Runs one command of the launcher; failures are one line each on stderr. Returns the exit code. */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [name = ''] = args
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    process.stderr.write(`camelid: unknown command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}\n`)
    return 2
  }
  const signal = watchSignals()
  try {
    return await (await load())(env, signal)
  } catch (error) {
    if (signal.aborted) return INTERRUPTED
    process.stderr.write(`camelid: ${describe(error)}\n`)
    return 1
  }
}

function describe(error: unknown): string {
  if (isCoded(error)) return `${error.message} [${error.code}]`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
