import { withTestnet } from './with-testnet.ts'

/** `make demo`: a testnet, one job, its receipt as the last line, and an end. */
export function demo(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  return withTestnet({ env, signal, json: true, use: (_, buy) => buy() })
}
