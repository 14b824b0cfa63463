import { join } from 'node:path'
import { type Keepers, keepServer } from '../process/keep.ts'
import type { State } from '../state/home.ts'
import { requireNats } from './find.ts'
import { startNats } from './start.ts'

interface OpenOptions {
  state: State
  port: number
  keepers: Keepers
  env: NodeJS.ProcessEnv
}

/** NATS with JetStream; stopped with the keepers' stack. */
export async function openNats({ state, port, keepers, env }: OpenOptions): Promise<void> {
  const binary = await requireNats(keepers.say, env)
  const settings = { binary, port, storeDir: state.nats, logFile: join(state.logs, 'nats.log') }
  await keepServer({
    name: 'NATS',
    kind: 'nats',
    start: (onSpawn) => startNats({ ...settings, onSpawn }),
    keepers,
  })
}
