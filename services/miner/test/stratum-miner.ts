import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { headerWork } from '../src/hash/header-work.ts'
import { scanNonces } from '../src/hash/scan-nonces.ts'

const LIMIT_MS = 30_000
const TARGET_OF_1 = 0xffffn << 208n

const notify = z.tuple([
  z.string(),
  z.string().length(64),
  z.string(),
  z.string(),
  z.array(z.string().length(64)),
  z.string().length(8),
  z.string().length(8),
  z.string().length(8),
  z.boolean(),
])
const message = z.looseObject({
  id: z.union([z.number(), z.string(), z.null()]),
  method: z.string().optional(),
  params: z.array(z.unknown()).optional(),
  result: z.unknown().optional(),
  error: z.tuple([z.number(), z.string(), z.null()]).nullish(),
})
const subscription = z.tuple([z.array(z.tuple([z.string(), z.string()])), z.string(), z.number()])

/** mining.notify, with the difficulty in force when it came. */
export interface Job {
  readonly id: string
  readonly params: z.output<typeof notify>
  readonly clean: boolean
  readonly difficulty: number
}

export type Answer = Pick<z.output<typeof message>, 'id' | 'result' | 'error'>

/** An outside miner that knows Stratum v1 and nothing else of this project: every byte it hashes it makes from what it is sent. */
export class StratumMiner implements AsyncDisposable {
  readonly jobs: Job[] = []
  /** Lines that answered no call of ours and were no notification. */
  readonly strays: Answer[] = []
  difficulty = Number.NaN
  extraNonce1 = ''
  extraNonce2Bytes = 0
  readonly #socket: Socket
  readonly #calls = new Map<number, (answer: Answer) => void>()
  #news = Promise.withResolvers<void>()
  #id = 0
  ended = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.ended = true
      this.#tell()
    })
    createInterface({ input: socket }).on('line', (line) => this.#receive(line))
  }

  static async connect(port: number): Promise<StratumMiner> {
    const socket = connect({ port, host: '127.0.0.1' })
    await once(socket, 'connect')
    return new StratumMiner(socket)
  }

  /** Subscribes and authorizes, and waits for the first job. */
  static async start(port: number, user: string): Promise<StratumMiner> {
    const miner = await StratumMiner.connect(port)
    await miner.subscribe()
    await miner.call('mining.authorize', [user, 'x'])
    await miner.until('a job', () => miner.jobs.length > 0)
    return miner
  }

  async subscribe(): Promise<void> {
    const { result } = await this.call('mining.subscribe', ['a test/1.0'])
    const [, extraNonce1, bytes] = subscription.parse(result)
    this.extraNonce1 = extraNonce1
    this.extraNonce2Bytes = bytes
  }

  async call(method: string, params: readonly unknown[]): Promise<Answer> {
    const id = ++this.#id
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#calls.set(id, resolve)
    this.raw(`${JSON.stringify({ id, method, params })}\n`)
    return await promise
  }

  raw(bytes: string | Uint8Array): void {
    this.#socket.write(bytes)
  }

  get lastJob(): Job {
    const job = this.jobs.at(-1)
    if (job === undefined) throw new Error('no job came yet')
    return job
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const timer = setTimeout(() => this.#news.reject(new Error(`not within ${LIMIT_MS} ms: ${what}`)), LIMIT_MS)
    try {
      while (!holds()) await this.#news.promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** Finds a share of the job, and gives what mining.submit takes behind the worker's name. */
  mine(job: Job, { extraNonce2 = 1, difficulty = job.difficulty } = {}): [string, string, string, string] {
    const [id, , , , , , , time] = job.params
    const second = extraNonce2.toString(16).padStart(2 * this.extraNonce2Bytes, '0')
    const header = this.#header(job, second)
    const target = Buffer.from(targetOf(difficulty).toString(16).padStart(64, '0'), 'hex').reverse()
    const nonce = scanNonces(headerWork(header, target), 0, 2 ** 26)
    if (nonce < 0) throw new Error('no nonce was found')
    return [id, second, time, nonce.toString(16).padStart(8, '0')]
  }

  submit(worker: string, share: readonly string[]): Promise<Answer> {
    return this.call('mining.submit', [worker, ...share])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.ended) return
    this.#socket.destroy()
    await once(this.#socket, 'close')
  }

  /** As miners do it: coinbase, merkle branch, and the fields of the header each in its own byte order. */
  #header({ params }: Job, extraNonce2: string): Buffer {
    const [, parent, coinbase1, coinbase2, branch, version, bits, time] = params
    let root = sha256d(Buffer.from(coinbase1 + this.extraNonce1 + extraNonce2 + coinbase2, 'hex'))
    for (const hash of branch) root = sha256d(Buffer.concat([root, Buffer.from(hash, 'hex')]))
    const reversed = (hex: string) => Buffer.from(hex, 'hex').reverse()
    const parts = [reversed(version), Buffer.from(parent, 'hex').swap32(), root, reversed(time), reversed(bits)]
    return Buffer.concat([...parts, Buffer.alloc(4)])
  }

  #receive(line: string): void {
    const said = message.parse(JSON.parse(line))
    if (said.method === 'mining.set_difficulty') this.difficulty = z.number().parse(said.params?.[0])
    else if (said.method === 'mining.notify') {
      const params = notify.parse(said.params)
      this.jobs.push({ id: params[0], params, clean: params[8], difficulty: this.difficulty })
    } else {
      const call = typeof said.id === 'number' ? this.#calls.get(said.id) : undefined
      if (call === undefined) this.strays.push(said)
      else call(said)
    }
    this.#tell()
  }

  #tell(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }
}

function targetOf(difficulty: number): bigint {
  return (TARGET_OF_1 << 32n) / BigInt(Math.round(difficulty * 2 ** 32))
}

function sha256d(bytes: Buffer): Buffer {
  const once = createHash('sha256').update(bytes).digest()
  return createHash('sha256').update(once).digest()
}
