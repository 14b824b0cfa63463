import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { encodeAddress } from '@camelid/codec'
import { StratumMiner } from './stratum-miner.ts'
import { StratumPort } from './stratum-port.ts'
import { IMPOSSIBLE, templateFixture } from './template-fixture.ts'

const ADDRESS = encodeAddress(new Uint8Array(20).fill(0x42))

async function openPort(limits: Parameters<typeof StratumPort.open>[0] = {}): Promise<StratumPort> {
  const port = await StratumPort.open(limits)
  port.server.onTemplate(templateFixture({ parent: 1, target: IMPOSSIBLE }))
  return port
}

const reasonOf = (miner: StratumMiner) => miner.strays.at(-1)?.error?.[1] ?? ''

test('rubbish of every kind is answered by name and does not disturb the connection', async () => {
  await using port = await openPort()
  await using miner = await StratumMiner.start(port.server.port, ADDRESS)
  const rubbish = [
    'hello',
    '{',
    '[]',
    'null',
    '1e999',
    '"mining.submit"',
    '{"id":{},"method":"mining.submit","params":[]}',
    '{"id":"x","method":7,"params":[]}',
    '{"id":"x","method":"mining.submit","params":{}}',
    '{"id":"x","method":"mining.submit","params":[{},[],null,1,true]}',
    `{"id":"x","method":"mining.submit","params":["${ADDRESS}",{},"","",""]}`,
    '{"id":"x","method":"mining.authorize","params":[["1"]]}',
    `{"id":"x","method":"mining.authorize","params":["${'1'.repeat(100)}"]}`,
    '{"id":"x","method":"mining.configure","params":[{"length":3}]}',
    '{"id":"x","method":"mining.suggest_difficulty","params":["NaN"]}',
    '{"id":"x","method":"mining.suggest_difficulty","params":[-1]}',
    '{"id":"x","method":"__proto__"}',
    '{"id":"x","method":"constructor","params":[]}',
    '\u0000\u0001\uffff',
  ]
  for (const line of rubbish) miner.raw(`${line}\n`)
  await miner.until('an answer to each', () => miner.strays.length === rubbish.length)
  for (const { result, error } of miner.strays) {
    assert.equal(result, null)
    assert.match(error?.[1] ?? '', /^[A-Z_]+: /)
    assert.doesNotMatch(error?.[1] ?? '', /INTERNAL/)
  }
  assert.deepEqual(
    (await miner.call('mining.configure', [['__proto__', 'a'], {}])).result,
    JSON.parse('{"__proto__":false,"a":false}'),
  )
  assert.deepEqual(port.faults, [])
})

test('a line without end, and one who is wrong a hundred times in a row, are let go with the reason', async () => {
  await using port = await openPort()
  await using long = await StratumMiner.connect(port.server.port)
  long.raw('x'.repeat(10_000))
  await long.until('the end', () => long.ended)
  assert.match(reasonOf(long), /^LINE_TOO_LONG/)

  await using wrong = await StratumMiner.connect(port.server.port)
  wrong.raw('{}\n'.repeat(200))
  await wrong.until('the end', () => wrong.ended)
  assert.match(reasonOf(wrong), /^TOO_MANY_MISTAKES/)
  // Its own end of a connection closes a moment after the miner's.
  await port[Symbol.asyncDispose]()
  assert.equal(await port.metric('miner_stratum_closed_total', { reason: 'LINE_TOO_LONG' }), 1)
  assert.equal(await port.metric('miner_stratum_closed_total', { reason: 'TOO_MANY_MISTAKES' }), 1)
})

test('no more miners are let in than is allowed, in all and from one address, and places come free again', async () => {
  await using port = await openPort({ maxPerAddress: 2 })
  await using first = await StratumMiner.start(port.server.port, ADDRESS)
  await using second = await StratumMiner.start(port.server.port, ADDRESS)
  await using third = await StratumMiner.connect(port.server.port)
  await third.until('the end', () => third.ended)
  assert.match(reasonOf(third), /^TOO_MANY_FROM_ADDRESS/)
  await first[Symbol.asyncDispose]()
  assert.equal((await second.call('mining.extranonce.subscribe', [])).result, true)
  await using fourth = await StratumMiner.start(port.server.port, ADDRESS)
  assert.notEqual(fourth.extraNonce1, second.extraNonce1, 'no two connections try the same headers')

  await using small = await openPort({ maxConnections: 1 })
  await using _ = await StratumMiner.start(small.server.port, ADDRESS)
  await using refused = await StratumMiner.connect(small.server.port)
  await refused.until('the end', () => refused.ended)
  assert.match(reasonOf(refused), /^TOO_MANY_CONNECTIONS/)
  assert.equal(await small.metric('miner_stratum_refused_total', { reason: 'TOO_MANY_CONNECTIONS' }), 1)
})

test('who does not log in, and who is silent for long, is let go', async () => {
  await using port = await openPort()
  await using idle = await StratumMiner.connect(port.server.port)
  await using silent = await StratumMiner.start(port.server.port, ADDRESS)
  port.aheadMs = 31_000
  await idle.until('the end', () => idle.ended)
  assert.match(reasonOf(idle), /^LOGIN_TIMEOUT/)
  assert.equal(silent.ended, false)
  port.aheadMs = 16 * 60_000
  await silent.until('the end', () => silent.ended)
  assert.match(reasonOf(silent), /^IDLE_TIMEOUT/)
})

test('one who floods is read slowly, and others are served meanwhile', async () => {
  await using port = await openPort()
  const socket = connect({ port: port.server.port, host: '127.0.0.1' })
  await once(socket, 'connect')
  let answers = 0
  socket.on('data', (chunk: Buffer) => (answers += chunk.toString().split('\n').length - 1))
  socket.on('error', () => undefined)
  socket.write('{"id":1,"method":"mining.extranonce.subscribe","params":[]}\n'.repeat(20_000))
  await using miner = await StratumMiner.start(port.server.port, ADDRESS)
  assert.equal((await miner.call('mining.extranonce.subscribe', [])).result, true)
  assert.ok(answers < 2_000, `${answers} answers`)
  socket.destroy()
})
