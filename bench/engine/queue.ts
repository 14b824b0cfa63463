import { join } from 'node:path'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { encodeJob, jobId } from '@camelid/codec'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { connectBus } from '@camelid/events'
import { ServiceProcess, startTestNats } from '@camelid/local/testing'
import { WorkItemSchema, WorkResultSchema } from '@camelid/proto/work/v1/work_pb'
import { plainJob } from '../../services/lib/engine/src/measure/plain-job.ts'
import { PROMPT } from './orders.ts'

const MAIN = join(import.meta.dirname, '../../services/inference-worker/src/main.ts')
const DEADLINE_MS = 200_000
const NODE = 'bench'
/** The generator point: any point of the curve will do. */
const CLIENT_KEY = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'

interface QueueOptions {
  readonly modelsDir: string
  readonly model: string
  /** Of the model file, hex. */
  readonly sha256: string
  readonly sequences: number
}

/** One worker behind a work queue, as in operation. */
export interface Queue {
  /** Posts so many jobs at once, and resolves when the last is written: tokens of each. */
  write(jobs: number, maxTokens: number): Promise<number[]>
}

/** Closed with `stack`. */
export async function openQueue(stack: AsyncDisposableStack, options: QueueOptions): Promise<Queue> {
  const { modelsDir, model, sha256, sequences } = options
  const nats = stack.use(await startTestNats())
  const done = new AbortController()
  stack.defer(() => done.abort())
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const { signal } = done
  const bus = stack.use(await connectBus({ url: nats.url, network: 'local', node: NODE, name: 'bench', log, signal }))
  const results = new Map<string, (tokens: number) => void>()
  void bus.consumeResults({ kind: 'work', durable: 'bench', signal }, ({ data }) => {
    const { jobId: id, result } = fromBinary(WorkResultSchema, data)
    if (result.case !== 'output') throw new Error(`a job failed: ${result.value?.detail}`)
    results.get(bytesToHex(id))?.(result.value.tokenIds.length)
    return Promise.resolve()
  })
  stack.use(
    new ServiceProcess(MAIN, {
      NATS_URL: nats.url,
      NODE_NAME: NODE,
      MODELS_DIR: modelsDir,
      MODELS: model,
      SEQUENCES: String(sequences),
      LOG_LEVEL: 'info',
    }),
  )
  let posted = 0n
  const post = async (maxTokens: number): Promise<number> => {
    const input = [{ kind: 0 as const, text: PROMPT }]
    const clientKey = hexToBytes(CLIENT_KEY)
    const plain = plainJob(hexToBytes(sha256))
    const job = encodeJob({
      ...plain,
      modelName: model,
      temperatureMilli: 800,
      maxTokens,
      seed: posted++,
      input,
      clientKey,
    })
    const id = jobId(job)
    const key = bytesToHex(id)
    const tokens = new Promise<number>((resolve) => results.set(key, resolve))
    const item = create(WorkItemSchema, { jobId: id, job, deadlineMs: BigInt(Date.now() + DEADLINE_MS) })
    await bus.enqueueWork('work', sha256, key, toBinary(WorkItemSchema, item))
    return await tokens
  }
  return { write: (jobs, maxTokens) => Promise.all(Array.from({ length: jobs }, () => post(maxTokens))) }
}
