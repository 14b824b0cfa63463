import { join } from 'node:path'
import { buy } from '../demo/buy.ts'
import { readDemoOptions } from '../demo/options.ts'
import type { PartyAddresses } from '../demo/parties.ts'
import { computes, readPlan } from '../plan.ts'
import { readPorts } from '../ports/table.ts'
import { stateHome } from '../state/home.ts'

/** Buys one completion on a testnet that runs already: the local one, or where the variables below say. */
export function job(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  return buy({ addresses: readAddresses(env), options: readDemoOptions(env), out: process.stdout, json: true, signal })
}

function readAddresses(env: NodeJS.ProcessEnv): PartyAddresses {
  const { ports } = readPorts(env, readPlan(env))
  const [first] = ports.nodes
  const local = ports.nodes.flatMap(({ plan, own }) => (computes(plan) ? [`127.0.0.1:${own.jobPoolGrpc}`] : []))
  return {
    clientUrl: env.CLIENT_URL || `http://127.0.0.1:${ports.clientHttp}`,
    chainUrl: env.CHAIN_URL || `127.0.0.1:${first?.own.chainGrpc}`,
    jobPoolUrls: env.JOB_POOL_URL ? [env.JOB_POOL_URL] : local,
    keysDir: env.KEYS_DIR || join(stateHome(env), 'keys'),
  }
}
