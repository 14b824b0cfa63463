import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { LaunchError } from '../launch-error.ts'
import { isRunning, type ProcessId } from '../process/process-id.ts'
import { followServer, type ServerProcess } from '../process/server-process.ts'

const START_TIMEOUT_MS = 15_000
const HOST = '127.0.0.1'

interface StartOptions {
  /** Path of nats-server. */
  binary: string
  port: number
  /** Where JetStream keeps its streams. */
  storeDir: string
  logFile: string
  /** Told as soon as the process runs, before it is ready: from then on somebody has to stop it. */
  onSpawn: (server: ServerProcess) => void
}

/** Starts NATS with JetStream on 127.0.0.1 and resolves when it greets. */
export async function startNats({ binary, port, storeDir, logFile, onSpawn }: StartOptions): Promise<ServerProcess> {
  mkdirSync(storeDir, { recursive: true, mode: 0o700 })
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(binary, ['-a', HOST, '-p', String(port), '-js', '-sd', storeDir], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const server = followServer(child)
  if (server) {
    onSpawn(server)
    if (await greets(server.process, port)) return server
  }
  throw new LaunchError('NATS_FAILED', `NATS did not start on port ${port}; its log says why: ${logFile}`)
}

async function greets(process_: ProcessId, port: number): Promise<boolean> {
  for (const end = performance.now() + START_TIMEOUT_MS; performance.now() < end; await wait(15)) {
    if (!isRunning(process_)) return false
    if (await answers(port)) return true
  }
  return false
}

/** A NATS server speaks first: INFO and a JSON object. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST })
    const end = (result: boolean) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(1_000, () => end(false))
    socket.once('error', () => end(false))
    socket.once('data', (data) => end(data.toString('latin1').startsWith('INFO ')))
  })
}
