import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { encodeJob, type Job, jobId } from '@camelid/codec'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { findModel, loadRegistry, openEngine } from '@camelid/engine'
import { type Bus, connectBus } from '@camelid/events'
import { startTestNats, type TestNats } from '@camelid/local/testing'
import {
  EndOfOutput,
  HeartbeatSchema,
  Question,
  Role,
  Verdict,
  VerifyRequestSchema,
  type VerifyResult,
  VerifyResultSchema,
} from '@camelid/proto/work/v1/work_pb'
import type { Engine } from '@camelid/rastic'

const MODELS_DIR = join(import.meta.dirname, '../../../models')
const TINY = findModel(loadRegistry(MODELS_DIR), 'camelid-tiny-F16')
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

let nats: TestNats
let bus: Bus
let engine: Engine
let verifier: ReturnType<typeof spawn>
let output = ''
const done = new AbortController()
const results = new Map<string, VerifyResult>()
const roles: number[] = []

before(async () => {
  nats = await startTestNats()
  verifier = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: {
      PATH: process.env.PATH,
      NATS_URL: nats.url,
      MODELS_DIR,
      HTTP_PORT: '0',
      LOG_FORMAT: 'json',
      PARENT_WATCH: '1',
      VERIFIER_ID: 'v0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const keep = (chunk: Buffer): void => {
    output += chunk.toString()
  }
  verifier.stdout?.on('data', keep)
  verifier.stderr?.on('data', keep)
  bus = await connectBus({
    url: nats.url,
    network: 'local',
    node: 'farm',
    name: 'test',
    log: quiet,
    signal: done.signal,
  })
  void bus.consumeResults({ kind: 'verify', durable: 'test', signal: done.signal }, async ({ data }) => {
    const result = fromBinary(VerifyResultSchema, data)
    results.set(bytesToHex(result.requestId), result)
  })
  bus.listen(
    'heartbeat',
    { signal: done.signal },
    ({ data }) => void roles.push(fromBinary(HeartbeatSchema, data).role),
  )
  engine = await openEngine({ modelPath: TINY.file, expected: TINY, sequences: 1, threads: 1, log: quiet })
})
after(async () => {
  verifier.kill('SIGTERM')
  const [code] = verifier.exitCode === null ? await once(verifier, 'exit') : [verifier.exitCode]
  assert.equal(code, 0, output)
  done.abort()
  await bus.close()
  await engine.dispose()
  await nats.stop()
})

const job: Job = {
  version: 1,
  magic: new Uint8Array([0xc4, 0x3e, 0x1d, 0x03]),
  modelSha256: hexToBytes(TINY.sha256),
  modelName: TINY.name,
  profileSha256: hexToBytes(TINY.profiles[0]?.sha256 ?? ''),
  input: [{ kind: 0, text: 'One day, a little llama named' }],
  prefix: [],
  preferredNode: new Uint8Array(33),
  seed: 1n,
  maxTokens: 60,
  temperatureMilli: 800,
  topK: 0,
  topPMicro: 1_000_000,
  timestampMs: 1_790_000_000_000n,
  timelock: 1_790_000_100,
  reward: 100_000_000n,
  fee: 1_000n,
  fundingOutpoint: { txid: new Uint8Array(32).fill(1), index: 0 },
  // The generator point: any point of the curve will do.
  clientKey: hexToBytes('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'),
  clientHost: '',
  clientPort: 0,
}

interface Ask {
  readonly job?: Job
  readonly change?: (ids: number[]) => number[]
  readonly backend?: string
  readonly deadlineMs?: number
  readonly bytes?: Uint8Array
  readonly question?: Question
}
let requests = 0

async function ask({
  job: of = job,
  change = (ids) => ids,
  backend = engine.backend,
  deadlineMs = Date.now() + 60_000,
  bytes,
  question = Question.UNSPECIFIED,
}: Ask = {}) {
  const encoded = encodeJob(of)
  const { tokenIds } = await engine.generate({ job: of, jobId: jobId(encoded), signal: done.signal })
  const ids = change([...tokenIds])
  const requestId = new Uint8Array(32).fill(++requests)
  const request = create(VerifyRequestSchema, {
    requestId,
    job: bytes ?? encoded,
    tokenIds: ids,
    text: engine.detokenize(of.prefix, ids),
    engine: engine.engine,
    backend,
    deadlineMs: BigInt(deadlineMs),
    question,
  })
  const key = bytesToHex(requestId)
  await bus.enqueueWork('verify', TINY.sha256, key, toBinary(VerifyRequestSchema, request))
  for (const end = performance.now() + 60_000; performance.now() < end; await wait(10)) {
    const result = results.get(key)
    if (result !== undefined) return result
  }
  throw new Error(`no verdict; the verifier says:\n${output}`)
}

test('an honest output is VALID over all positions', async () => {
  const result = await ask()
  assert.equal(result.verdict, Verdict.VALID, result.reason)
  assert.equal(result.verifier, 'v0')
  assert.ok(result.positionsChecked > 0)
  assert.equal(result.firstDivergence, -1)
  assert.ok(result.verifyUs > 0n)
  assert.ok(roles.length === 0 || roles.includes(Role.VERIFIER))
})

test('a changed token is INVALID, with its place', async () => {
  const result = await ask({ change: (ids) => ids.map((id, i) => (i === 20 ? (id + 500) % 1024 : id)) })
  assert.equal(result.verdict, Verdict.INVALID)
  assert.equal(result.firstDivergence, 20)
  assert.match(result.reason, /token 20 /)
})

test('a profile that is not known here, or does not cover the backend, is INCONCLUSIVE', async () => {
  assert.equal((await ask({ job: { ...job, profileSha256: new Uint8Array(32) } })).verdict, Verdict.INCONCLUSIVE)
  assert.equal((await ask({ backend: 'cuda x64' })).verdict, Verdict.INCONCLUSIVE)
})

test('requests that cannot be judged fail by name, and the queue goes on', async () => {
  const late = await ask({ deadlineMs: Date.now() - 1 })
  assert.equal(late.verdict, Verdict.INCONCLUSIVE)
  assert.equal(late.failure?.code, 'DEADLINE_PASSED')
  assert.equal((await ask({ bytes: Buffer.from('no job') })).failure?.code, 'BAD_JOB')
  await bus.enqueueWork('verify', TINY.sha256, 'garbage', Buffer.from('\xff\xff\xff'))
  assert.equal((await ask()).verdict, Verdict.VALID)
})

test('a question is answered by the next token, and by what tokens spell', async () => {
  const { tokenIds } = await engine.generate({ job, jobId: jobId(encodeJob(job)), signal: done.signal })
  for (const shown of [0, 1, 17, tokenIds.length - 1]) {
    const { finding, failure } = await ask({ question: Question.TOKEN, change: (ids) => ids.slice(0, shown) })
    assert.equal(failure, undefined)
    assert.equal(finding?.choices[0], tokenIds[shown])
    assert.equal(finding?.engine, engine.engine)
  }
  const whole = await ask({ question: Question.TEXT })
  assert.deepEqual(Uint8Array.from(whole.finding?.text ?? []), Uint8Array.from(engine.detokenize([], tokenIds)))
  const isEnded = engine.model.endOfGeneration(tokenIds.at(-1) ?? -1)
  assert.equal(whole.finding?.end, isEnded ? EndOfOutput.LAST : EndOfOutput.NONE)
})

test('a question that nobody can answer is refused by name', async () => {
  const beyond = await ask({ question: Question.TOKEN, change: () => Array.from({ length: job.maxTokens }, () => 5) })
  assert.equal(beyond.failure?.code, 'BAD_QUESTION')
  const unknown = { ...job, profileSha256: new Uint8Array(32) }
  assert.equal(
    (await ask({ question: Question.TOKEN, job: unknown, change: () => [] })).failure?.code,
    'UNKNOWN_PROFILE',
  )
})
