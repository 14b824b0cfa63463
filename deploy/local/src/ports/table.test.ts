import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ONE_NODE } from '../plan.ts'
import { readPorts } from './table.ts'

test('ports move together or one by one, and nonsense is named', () => {
  assert.equal(readPorts({}, ONE_NODE).ports.postgres, 7332)
  assert.equal(readPorts({ PORT_OFFSET: '1000' }, ONE_NODE).ports.clientHttp, 8360)
  assert.equal(readPorts({ PORT_OFFSET: '1000', CLIENT_HTTP_PORT: '9000' }, ONE_NODE).ports.clientHttp, 9000)
  assert.throws(() => readPorts({ P2P_PORT: 'x' }, ONE_NODE), /P2P_PORT is x/)
  assert.throws(() => readPorts({ PORT_OFFSET: '60000' }, ONE_NODE), /PORT_OFFSET is 60000.* to 58175/)
})
