import assert from 'node:assert/strict'
import { join } from 'node:path'
import { SERVICES_DIR } from '../src/checkout.ts'
import type { LocalNode } from '../src/services/table.ts'
import { ServiceProcess } from '../src/testing/service-process.ts'

/** Another miner, at a node that has none of its own. */
export function startMiner(node: LocalNode | undefined, address: string): ServiceProcess {
  assert.ok(node)
  const env = { CHAIN_URL: node.chainUrl, PAYOUT_ADDRESS: address, MINER_THREADS: '1', MINER_DUTY: '0.1' }
  return new ServiceProcess(join(SERVICES_DIR, 'miner/src/main.ts'), env)
}
