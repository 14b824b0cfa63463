import { join } from 'node:path'
import { type Keepers, keepServer } from '../process/keep.ts'
import type { State } from '../state/home.ts'
import { requireNats } from './find.ts'
import { startNats } from './start.ts'

interface OpenOptions {
  state: State
  port: number
  keepers: Keepers
  say: (line: string) => void
}

/** NATS with JetStream; stopped with the keepers' stack. */
export async function openNats({ state, port, keepers, say }: OpenOptions): Promise<void> {
  const binary = await requireNats(say)
  const server = await startNats({ binary, port, storeDir: state.nats, logFile: join(state.logs, 'nats.log') })
  keepServer(server, 'nats', keepers)
}
