import { parentPort, workerData } from 'node:worker_threads'
import { ScriptError, verifyInput } from '@camelid/consensus'
import { ecdsaBackend } from '@camelid/crypto'
import { decodeChunk } from './chunk-bytes.ts'
import type { ChunkMessage, JudgedMessage, ThreadData } from './messages.ts'
import { type ScriptFailure, toFailure } from './script-failure.ts'

/** A thread that runs scripts: one chunk after the other, each answered. Any other failure than a script's ends it. */
if (parentPort === null) throw new Error('thread.ts runs as a worker thread of the chain service')
const port = parentPort
// The only maker is ScriptThreads. Another library would be slower in silence, and might say otherwise.
const { signatures }: ThreadData = workerData
if (ecdsaBackend !== signatures) throw new Error(`a thread checks signatures by ${ecdsaBackend}, not ${signatures}`)

// The only sender is ScriptThreads.
port.on('message', ({ id, flags, bytes }: ChunkMessage) => {
  const judged: JudgedMessage = { id, failures: judge(bytes, flags) }
  port.postMessage(judged)
})

function judge(bytes: Uint8Array, flags: number): ScriptFailure[] {
  const failures: ScriptFailure[] = []
  for (const [range, { tx, from, spent }] of decodeChunk(bytes).entries()) {
    try {
      for (const [i, output] of spent.entries()) verifyInput({ tx, index: from + i, spent: output, flags })
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error
      failures.push(toFailure(range, error))
    }
  }
  return failures
}
