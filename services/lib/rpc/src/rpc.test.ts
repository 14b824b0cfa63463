import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { create } from '@bufbuild/protobuf'
import { CodedError, isCoded } from '@camelid/errors'
import { AcceptRequestSchema, ChainService, Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { rpcClient } from './client.ts'
import type { CallContext, RpcClient, ServiceHandlers } from './method-types.ts'
import { RpcError } from './rpc-error.ts'
import { type RpcServer, serveRpc, serviceImpl } from './serve.ts'

const logged: object[] = []
const log = { error: (fields: object) => void logged.push(fields) }
/** What handlers saw, for tests to look at. */
const seen = { tipTrace: '', watchEnded: 0, acceptEnd: '', kept: Uint8Array.of() as Uint8Array }

const unimplemented = async (): Promise<never> => {
  throw new CodedError('UNIMPLEMENTED', 'not in this test')
}
const unimplementedStream = async function* (): AsyncGenerator<never> {
  yield await unimplemented()
}
const handlers: ServiceHandlers<typeof ChainService> = {
  getTip: async (_, { trace }) => {
    seen.tipTrace = trace ?? ''
    return { tip: { height: 7, hash: new Uint8Array([1, 2, 3]) } }
  },
  watchTip: async function* (_, { signal }: CallContext) {
    try {
      for (let height = 0; !signal.aborted; height++) yield { tip: { height } }
    } finally {
      seen.watchEnded++
    }
  },
  getHeaders: async (_, { signal }) => {
    await once(signal, 'abort')
    return {}
  },
  getSyncState: unimplemented,
  getBlock: async () => {
    throw new Error('password=hunter2')
  },
  getTransaction: async () => {
    throw new CodedError('TX_NOT_FOUND', 'no transaction Ünïcode\nin two lines', {
      score: 20,
      data: { value: 2n ** 63n, txid: 'ab', known: false, tries: 3 },
    })
  },
  submitTransaction: async ({ transaction }) => {
    seen.kept = transaction
    return { txid: transaction }
  },
  getCompactBlock: unimplemented,
  getBlockTransactions: unimplemented,
  takeCompactBlock: unimplementedStream,
  watchOwnBlocks: unimplementedStream,
  accept: async function* (requests) {
    try {
      for await (const { id } of requests) yield { id, outcome: id === 99n ? Outcome.REJECT : Outcome.OK }
      seen.acceptEnd = 'normal'
    } catch (error) {
      seen.acceptEnd = isCoded(error) ? error.code : 'other'
      throw error
    }
  },
  getUtxos: unimplemented,
  getOutput: unimplemented,
  getProof: unimplemented,
  getAddressHistory: unimplemented,
  estimateFee: unimplemented,
  listBonds: unimplemented,
  submitBlock: unimplemented,
  getBlockTemplate: unimplemented,
  reserve: unimplemented,
  replaceReservation: unimplemented,
  releaseReservation: unimplemented,
  pruneBlocks: unimplemented,
  verifyChain: unimplementedStream,
  reindex: unimplementedStream,
  exportSnapshot: unimplementedStream,
  importSnapshot: unimplementedStream,
}

let server: RpcServer
let client: RpcClient<typeof ChainService>
const serve = (port: number) =>
  serveRpc({ host: '127.0.0.1', port, services: [serviceImpl(ChainService, handlers)], log, maxMessageBytes: 100_000 })

before(async () => {
  server = await serve(0)
  client = rpcClient(ChainService, `127.0.0.1:${server.port}`)
})
after(async () => {
  client.close()
  await server[Symbol.asyncDispose]()
})

const until = async (condition: () => boolean) => {
  for (const end = performance.now() + 10_000; !condition(); await new Promise((resolve) => setTimeout(resolve, 5)))
    assert.ok(performance.now() < end, 'it did not happen in time')
}
const fails = (code: string) => (error: unknown) => error instanceof RpcError && error.code === code

test('a unary call carries messages and its trace', async () => {
  const { tip } = await client.getTip({}, { trace: 'f'.repeat(32) })
  assert.equal(tip?.height, 7)
  assert.deepEqual(tip?.hash, new Uint8Array([1, 2, 3]))
  assert.equal(seen.tipTrace, 'f'.repeat(32))
})

test('bytes that were received may be kept: they are plain and of their own', async () => {
  const sent = new Uint8Array([9, 8, 7])
  const { txid } = await client.submitTransaction({ transaction: sent })
  await client.submitTransaction({ transaction: new Uint8Array([1, 1, 1]) })
  assert.deepEqual([...txid], [9, 8, 7])
  assert.equal(Object.getPrototypeOf(txid), Uint8Array.prototype)
  assert.equal(Object.getPrototypeOf(seen.kept), Uint8Array.prototype)
})

test('a coded error arrives with code, message, data and score', async () => {
  const error = await client.getTransaction({}).catch((reason: unknown) => reason)
  assert.ok(error instanceof RpcError)
  assert.equal(error.code, 'TX_NOT_FOUND')
  assert.equal(error.status, 5)
  assert.equal(error.score, 20)
  assert.match(error.message, /Ünïcode/)
  assert.deepEqual(error.data, { value: 2n ** 63n, txid: 'ab', known: false, tries: 3 })
})

test('any other error is INTERNAL, told to the log and to nobody else', async () => {
  const error = await client.getBlock({}).catch((reason: unknown) => reason)
  assert.ok(error instanceof RpcError)
  assert.equal(error.code, 'INTERNAL')
  assert.doesNotMatch(error.message, /hunter2/)
  assert.equal(logged.length, 1)
})

test('a stream that its reader leaves ends at the server too', async () => {
  const heights: number[] = []
  for await (const { tip } of client.watchTip({})) {
    heights.push(tip?.height ?? -1)
    if (heights.length === 3) break
  }
  assert.deepEqual(heights, [0, 1, 2])
  await until(() => seen.watchEnded === 1)
})

test('a stream waits for its reader instead of filling memory', async () => {
  let last = -1
  for await (const { tip } of client.watchTip({})) {
    assert.equal(tip?.height, last + 1)
    last = tip?.height ?? -1
    if (last % 5_000 === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    if (last === 20_000) break
  }
  await until(() => seen.watchEnded === 2)
})

test('a conversation answers each message and ends when its caller ends it', async () => {
  const answers: bigint[] = []
  async function* ids() {
    for (let id = 0n; id < 500n; id++) yield create(AcceptRequestSchema, { id })
  }
  for await (const { id } of client.accept(ids())) answers.push(id)
  assert.deepEqual(
    answers,
    Array.from({ length: 500 }, (_, i) => BigInt(i)),
  )
  assert.equal(seen.acceptEnd, 'normal')
})

test('a caller that breaks off is never taken for one that has finished', async () => {
  seen.acceptEnd = ''
  const stop = new AbortController()
  async function* ids() {
    yield create(AcceptRequestSchema, { id: 1n })
    await once(stop.signal, 'abort')
  }
  const talk = async () => {
    for await (const _ of client.accept(ids(), { signal: stop.signal })) stop.abort(new Error('enough'))
  }
  await assert.rejects(talk(), /enough/)
  await until(() => seen.acceptEnd !== '')
  assert.equal(seen.acceptEnd, 'CANCELLED')
})

test('a caller whose own messages fail cancels the call', async () => {
  seen.acceptEnd = ''
  async function* ids() {
    yield create(AcceptRequestSchema, { id: 1n })
    throw new Error('my source broke')
  }
  const talk = async () => {
    for await (const _ of client.accept(ids()));
  }
  await assert.rejects(talk(), fails('CANCELLED'))
  await until(() => seen.acceptEnd === 'CANCELLED')
})

test('deadlines and aborts end a call by name, here and there', async () => {
  await assert.rejects(client.getHeaders({}, { timeoutMs: 50 }), fails('DEADLINE_EXCEEDED'))
  const stop = new AbortController()
  const call = client.getHeaders({}, { signal: stop.signal })
  stop.abort(new Error('changed my mind'))
  await assert.rejects(call, /changed my mind/)
})

test('messages over the limit are refused', async () => {
  await assert.rejects(client.submitTransaction({ transaction: new Uint8Array(200_000) }), fails('RESOURCE_EXHAUSTED'))
})

test('a server that is gone is UNAVAILABLE at once, and found again when it is back', async () => {
  const first = await serve(0)
  const other = rpcClient(ChainService, `127.0.0.1:${first.port}`)
  await other.ready({ timeoutMs: 5_000 })
  const watching = (async () => {
    for await (const _ of other.watchTip({}));
  })()
  const cut = assert.rejects(watching, (error) => error instanceof RpcError)
  await first[Symbol.asyncDispose]()
  await cut
  await assert.rejects(other.getTip({}), fails('UNAVAILABLE'))
  const second = await serve(first.port)
  assert.equal((await other.getTip({}, { waitForReady: true })).tip?.height, 7)
  other.close()
  await second[Symbol.asyncDispose]()
})

test('a taken port is said by name', async () => {
  await assert.rejects(serve(server.port), (error) => isCoded(error) && error.code === 'RPC_PORT_TAKEN')
})
