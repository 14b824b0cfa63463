import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPlan } from '../plan.ts'
import { readPorts } from './table.ts'

const ONE_NODE = readPlan({})

test('ports move together or one by one, and nonsense is named', () => {
  assert.equal(readPorts({}, ONE_NODE).ports.postgres, 7332)
  assert.equal(readPorts({ PORT_OFFSET: '1000' }, ONE_NODE).ports.clientHttp, 8360)
  assert.equal(readPorts({ PORT_OFFSET: '1000', CLIENT_HTTP_PORT: '9000' }, ONE_NODE).ports.clientHttp, 9000)
  assert.throws(() => readPorts({ P2P_PORT: 'x' }, ONE_NODE), /P2P_PORT is x/)
  assert.throws(() => readPorts({ PORT_OFFSET: '60000' }, ONE_NODE), /PORT_OFFSET is 60000.* to 58175/)
})

test('further nodes have ports of their own, a hundred apart, and what nobody listens on is not wanted', () => {
  const { ports, wanted } = readPorts({ PORT_OFFSET: '1000', NODE_3_P2P_PORT: '9000' }, readPlan({ NODES: '5' }))
  assert.deepEqual(
    ports.nodes.map(({ own }) => own.p2p),
    [8331, 8431, 9000, 8631, 8731],
  )
  assert.equal(new Set(wanted.map(({ port }) => port)).size, wanted.length)
  assert.equal(wanted.filter(({ variable }) => variable.endsWith('VERIFIER_HTTP_PORT')).length, 2)
  assert.match(wanted.find(({ variable }) => variable === 'NODE_2_CHAIN_GRPC_PORT')?.who ?? '', /^node 2: chain/)
  assert.throws(() => readPorts({ PORT_OFFSET: '60000' }, readPlan({ NODES: '5' })), /from 0 to 57778/)
})
