import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NetworkParams } from '@camelid/consensus'
import { createLogger } from '@camelid/runtime'
import { type Client, openClient } from '../../src/client.ts'
import { type ClientConfig, readConfig } from '../../src/config.ts'
import type { JobLimits, JobRequest } from '../../src/jobs/create-job.ts'
import { runClient } from '../../src/run-client.ts'

export const limits: JobLimits = { maxLiveJobs: 16, clientHost: '', clientPort: 0, timelockSlackS: 1 }

export const request: JobRequest = {
  model: 'camelid-tiny-F16',
  segments: [{ kind: 0, text: 'Once upon a time' }],
  prefix: [],
  maxTokens: 16,
  temperature: 0.8,
  topK: 0,
  topP: 1,
  seed: 7n,
}

export interface RunningClient extends AsyncDisposable {
  readonly client: Client
}

/** A directory that goes with the test, with a password in it. */
export function scratchDirectory(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'camelid-client-test-'))
  writeFileSync(join(dir, 'password'), 'a test password\n', { mode: 0o600 })
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

export function testConfig(options: {
  dir: string
  params: NetworkParams
  peers: readonly string[]
  modelsDir?: string
  minPeers?: number
  checkTimeoutMs?: number
}): ClientConfig {
  const { dir, params, peers, modelsDir, minPeers = 1, checkTimeoutMs = 13_000 } = options
  const env = {
    NETWORK: 'local',
    DATA_DIR: join(dir, 'data'),
    PASSWORD_FILE: join(dir, 'password'),
    PEERS: peers.join(','),
    LOG_FORMAT: 'json',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    CHECK_TIMEOUT_MS: String(checkTimeoutMs),
    ...(modelsDir !== undefined && { MODELS_DIR: modelsDir }),
  }
  return { ...readConfig(env), params, minPeers }
}

/** A whole client in this process; disposing it is an orderly stop. */
export async function startClient(options: { config: ClientConfig; nowMs?: () => number }): Promise<RunningClient> {
  const { config, nowMs = () => Date.now() } = options
  const stop = new AbortController()
  const stack = new AsyncDisposableStack()
  const log = await createLogger('client', config)
  const client = openClient({ config, log, signal: stop.signal, stack, nowMs })
  const running = runClient(client, config.PEERS)
  return {
    client,
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('stopped'))
      await running
      await client.desk.idle()
      await stack.disposeAsync()
    },
  }
}
