import { join } from 'node:path'
import { type Keepers, keepServer } from '../process/keep.ts'
import type { State } from '../state/home.ts'
import { startNats } from './start.ts'

interface OpenOptions {
  /** Path of nats-server. */
  binary: string
  state: State
  port: number
  keepers: Keepers
}

/** NATS with JetStream; stopped with the keepers' stack. */
export async function openNats({ binary, state, port, keepers }: OpenOptions): Promise<void> {
  const settings = { binary, port, storeDir: state.nats, logFile: join(state.logs, 'nats.log') }
  await keepServer({
    name: 'NATS',
    kind: 'nats',
    start: (onSpawn) => startNats({ ...settings, onSpawn }),
    keepers,
  })
}
