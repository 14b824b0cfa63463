import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { encodeJob, type Job, jobId } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { type Bus, connectBus } from '@camelid/events'
import { startTestNats, type TestNats } from '@camelid/local/testing'
import {
  type Heartbeat,
  HeartbeatSchema,
  WorkItemSchema,
  type WorkProgress,
  WorkProgressSchema,
  type WorkResult,
  WorkResultSchema,
} from '@camelid/proto/work/v1/work_pb'
import { checkOutput } from '@camelid/rastic'
import { openModel, storyJob, TINY } from './setting.ts'
import { WorkerProcess } from './worker-process.ts'

let nats: TestNats
let bus: Bus
const done = new AbortController()
const results = new Map<string, WorkResult[]>()
const progress: WorkProgress[] = []
const heartbeats: Heartbeat[] = []
const workers: WorkerProcess[] = []
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

before(async () => {
  nats = await startTestNats()
  bus = await connectBus({
    url: nats.url,
    network: 'local',
    node: 'farm',
    name: 'test',
    log: quiet,
    signal: done.signal,
  })
  void bus.consumeResults({ kind: 'work', durable: 'test', signal: done.signal }, async ({ data }) => {
    const result = fromBinary(WorkResultSchema, data)
    const id = bytesToHex(result.jobId)
    results.set(id, [...(results.get(id) ?? []), result])
  })
  bus.listen(
    'progress.*',
    { signal: done.signal },
    ({ data }) => void progress.push(fromBinary(WorkProgressSchema, data)),
  )
  bus.listen(
    'heartbeat',
    { signal: done.signal },
    ({ data }) => void heartbeats.push(fromBinary(HeartbeatSchema, data)),
  )
})
after(async () => {
  for (const worker of workers) worker.process.kill('SIGKILL')
  done.abort()
  await bus.close()
  await nats.stop()
})

function startWorker(env: Record<string, string> = {}): WorkerProcess {
  const worker = new WorkerProcess({ NATS_URL: nats.url, WORKER_ID: `w${workers.length}`, ...env })
  workers.push(worker)
  return worker
}

async function until<T>(what: string, find: () => T | undefined): Promise<T> {
  for (const end = performance.now() + 60_000; performance.now() < end; await wait(20)) {
    const found = find()
    if (found !== undefined) return found
  }
  throw new Error(`${what} never came; the workers say:\n${workers.map((worker) => worker.output).join('\n')}`)
}

async function post(
  job: Job,
  options: { deadlineMs?: number; attempt?: string; bytes?: Uint8Array } = {},
): Promise<string> {
  const bytes = encodeJob(job)
  const id = jobId(bytes)
  const deadlineMs = BigInt(options.deadlineMs ?? Date.now() + 60_000)
  const item = create(WorkItemSchema, { jobId: id, job: options.bytes ?? bytes, deadlineMs })
  await bus.enqueueWork(
    'work',
    TINY.sha256,
    `${bytesToHex(id)}${options.attempt ?? ''}`,
    toBinary(WorkItemSchema, item),
  )
  return bytesToHex(id)
}
const resultOf = (id: string): Promise<WorkResult> => until(`result of ${id}`, () => results.get(id)?.[0])

test('several jobs at once come out as the engine alone makes them, and are VALID', async () => {
  startWorker()
  const jobs = ['Once upon a time', 'A llama is', 'Q: What is 3 + 4?\nA:', 'It is winter.', 'Dear Anna,\n'].map(
    (prompt, i) => storyJob(prompt, { seed: BigInt(i), maxTokens: 60 }),
  )
  const ids = await Promise.all(jobs.map((job) => post(job)))
  const engine = await openModel(TINY.name)
  const signal = new AbortController().signal
  try {
    for (const [i, job] of jobs.entries()) {
      const { result, worker } = await resultOf(ids[i] ?? '')
      assert.ok(result.case === 'output')
      assert.equal(worker, 'w0')
      const { tokenIds, text } = result.value
      const id = jobId(encodeJob(job))
      assert.deepEqual(tokenIds, (await engine.generate({ job, jobId: id, signal })).tokenIds)
      const generator = { engine: result.value.engine, backend: result.value.backend }
      const report = await checkOutput({
        engine,
        job,
        jobId: id,
        tokenIds,
        text,
        profile: TINY.profiles[0]?.profile,
        generator,
        signal,
      })
      assert.equal(report.verdict, 'VALID', report.reason)
    }
  } finally {
    await engine.dispose()
  }
  assert.ok(progress.some(({ tokenCount }) => tokenCount > 0))
  const heartbeat = await until('a heartbeat', () => heartbeats.find(({ id }) => id === 'w0'))
  assert.equal(heartbeat.models[0]?.name, TINY.name)
  assert.equal(bytesToHex(heartbeat.models[0]?.sha256 ?? new Uint8Array(0)), TINY.sha256)
  assert.equal(heartbeat.slots, 4)
})

test('work that cannot be done is answered by name', async () => {
  const code = async (id: string): Promise<string> => {
    const { result } = await resultOf(id)
    assert.ok(result.case === 'failure')
    assert.equal(result.value.retryable, false)
    return result.value.code
  }
  assert.equal(await code(await post(storyJob('word '.repeat(600)))), 'PROMPT_TOO_LONG')
  assert.equal(await code(await post(storyJob(''))), 'EMPTY_PROMPT')
  assert.equal(await code(await post(storyJob('late'), { deadlineMs: Date.now() - 1 })), 'DEADLINE_PASSED')
  assert.equal(await code(await post(storyJob('bytes'), { bytes: Buffer.from('no job') })), 'BAD_JOB')
  assert.equal(await code(await post(storyJob('one'), { bytes: encodeJob(storyJob('other')) })), 'BAD_JOB')
  await bus.enqueueWork('work', TINY.sha256, 'garbage', Buffer.from('\xff\xff\xff'))
  const { result } = await resultOf(await post(storyJob('A llama is', { maxTokens: 5 })))
  assert.equal(result.case, 'output')
})

test('on SIGTERM a worker hands back what it holds, and killed it is replaced; the output is the same', async () => {
  await workers[0]?.end('SIGTERM')
  const job = storyJob('One day, a little llama named', { maxTokens: 40 })
  const slow = { ENGINE_TOKEN_DELAY_MS: '50', ACK_WAIT_MS: '1000' }
  const outputs: number[][] = []
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    progress.length = 0
    const first = startWorker(slow)
    const id = await post({ ...job, fee: job.fee + BigInt(outputs.length) })
    await until('progress', () => progress.find(({ tokenCount }) => tokenCount >= 3))
    const code = await first.end(signal)
    if (signal === 'SIGTERM') assert.equal(code, 0, first.output)
    assert.equal(results.get(id), undefined)
    const second = startWorker({ ...slow, ENGINE_TOKEN_DELAY_MS: '0' })
    const { result, worker } = await resultOf(id)
    assert.ok(result.case === 'output')
    assert.equal(worker, `w${workers.length - 1}`)
    outputs.push([...result.value.tokenIds])
    await second.end('SIGTERM')
  }
  const engine = await openModel(TINY.name)
  for (const [i, output] of outputs.entries()) {
    const of = { ...job, fee: job.fee + BigInt(i) }
    const alone = await engine.generate({ job: of, jobId: jobId(encodeJob(of)), signal: new AbortController().signal })
    assert.deepEqual(output, alone.tokenIds)
  }
  await engine.dispose()
})

test('a new attempt at a job has a result of its own', async () => {
  startWorker()
  const job = storyJob('A camel is', { maxTokens: 5 })
  const id = await post(job)
  await resultOf(id)
  await post(job, { attempt: '-2' })
  await until('the second result', () => (results.get(id)?.length === 2 ? true : undefined))
})

test('what cannot start says so in one line and ends with 1', async () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ NETWORK: 'main', CHEAT: 'flip' }, /CHEAT: flip is for trying the check on NETWORK=local only/],
    [{ CHEAT: 'bribe' }, /CHEAT: is "bribe"/],
    [{ MODELS: 'gpt-17' }, /no model \\?"gpt-17\\?": models\.json has camelid-tiny-F16/],
    [{ MODELS_DIR: '/nowhere' }, /\/nowhere\/models\.json cannot be read/],
    [{ MODEL_MEMORY_MB: '2' }, /the weights of camelid-tiny-F16: .* of the 2\.0 MiB for models/],
  ]
  for (const [env, expected] of cases) {
    const worker = startWorker(env)
    assert.equal(await worker.exit(), 1, worker.output)
    assert.match(worker.output, expected)
  }
})
