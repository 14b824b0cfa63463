import { isCoded } from '@camelid/errors'
import type { Testnet } from '../testnet.ts'
import { addressesText } from './addresses.ts'
import { withTestnet } from './with-testnet.ts'

/** `make testnet`: a testnet and a first job; stays until Ctrl-C, which is its good end. */
export async function testnet(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  let isUp = false
  const use = async (running: Testnet, buy: () => Promise<number>): Promise<number> => {
    await buyFirst(buy, signal)
    process.stdout.write(addressesText(running))
    isUp = true
    return await new Promise<never>(() => undefined)
  }
  try {
    return await withTestnet({ env, signal, json: false, use })
  } catch (error) {
    if (isUp && signal.aborted) return 0
    throw error
  }
}

/** A first job that goes wrong is told, and leaves the testnet up to find out why. */
async function buyFirst(buy: () => Promise<number>, signal: AbortSignal): Promise<void> {
  try {
    await buy()
  } catch (error) {
    if (signal.aborted) throw error
    const reason = isCoded(error) ? `${error.message} [${error.code}]` : String(error)
    process.stderr.write(`camelid: the first job failed: ${reason}\n`)
  }
}
