import { bytesToHex, sha256d } from '@camelid/crypto'
import { retry, sleep } from '@camelid/runtime'
import type { GatewayParts } from '../parts.ts'
import { announceCompact } from './announce-compact.ts'

/** Passes on the blocks of our own miners before they are judged, until the gateway stops; never rejects. */
export async function followOwnBlocks(parts: GatewayParts): Promise<void> {
  const { signal, log, owners } = parts
  while (!signal.aborted) {
    try {
      await retry(() => owners.chain.ready({ signal, timeoutMs: 2_000 }), {
        signal,
        log,
        what: 'chain',
        maxDelayMs: 1_000,
      })
      for await (const { block } of owners.chain.watchOwnBlocks({}, { signal }))
        if (block !== undefined) announceCompact(parts, bytesToHex(sha256d(block.header)), block)
    } catch (error) {
      if (!signal.aborted) log.debug({ err: error }, 'the watch over our own blocks broke; following it again')
    }
    await sleep(500, signal).catch(() => undefined)
  }
}
