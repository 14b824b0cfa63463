// A testnet for one host, until SIGINT: as `make testnet` starts it, but nobody is funded and nothing is bought.
import { once } from 'node:events'
import { watchSignals } from '../src/commands/watch-signals.ts'
import { launchTestnet } from '../src/testnet.ts'
import { longWindow } from '../test/home.ts'

/** Seconds: five testnets share the machine, and a job's deadlines have to be kept. */
const CONTEST_WINDOW = 40

const signal = watchSignals()
const testnet = await launchTestnet({
  env: process.env,
  signal,
  overrides: longWindow({}, CONTEST_WINDOW),
  say: (line) => process.stdout.write(`${line}\n`),
})
const { failed } = testnet
if (!signal.aborted && !failed.aborted) await Promise.race([once(signal, 'abort'), once(failed, 'abort')])
await testnet.stop()
if (failed.aborted) process.stderr.write(`${String(failed.reason)}\n`)
process.exit(failed.aborted ? 1 : 0)
