import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { isCoded } from '@camelid/errors'
import { requireNode } from './node-version.ts'
import { readPorts } from './port-table.ts'
import { checkPorts, freePort } from './ports.ts'

test('a taken port is named with who wants it, who holds it and what moves it', async () => {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const address = holder.address()
  assert.ok(typeof address === 'object' && address !== null)
  const wanted = [
    { port: address.port, who: 'PostgreSQL', variable: 'POSTGRES_PORT' },
    { port: await freePort(), who: 'NATS', variable: 'NATS_PORT' },
  ]
  const error = await checkPorts(wanted).catch((reason: unknown) => reason)
  assert.ok(isCoded(error) && error.code === 'PORTS_TAKEN')
  assert.match(error.message, new RegExp(`^port ${address.port} \\(PostgreSQL\\) is taken.*POSTGRES_PORT`))
  if (process.platform === 'linux') assert.match(error.message, new RegExp(`pid ${process.pid}`))
  assert.equal(error.message.split('\n').length, 1)
  holder.close()
})

test('free ports pass, one port for two does not', async () => {
  const port = await freePort()
  await checkPorts([{ port, who: 'a', variable: 'A_PORT' }])
  const twice = [
    { port, who: 'a', variable: 'A_PORT' },
    { port, who: 'b', variable: 'B_PORT' },
  ]
  await assert.rejects(checkPorts(twice), /B_PORT and A_PORT are both/)
})

test('ports move together or one by one, and nonsense is named', () => {
  assert.equal(readPorts({}).ports.postgres, 7332)
  assert.equal(readPorts({ PORT_OFFSET: '1000' }).ports.clientHttp, 8360)
  assert.equal(readPorts({ PORT_OFFSET: '1000', CLIENT_HTTP_PORT: '9000' }).ports.clientHttp, 9000)
  assert.throws(() => readPorts({ P2P_PORT: 'x' }), /P2P_PORT/)
  assert.throws(() => readPorts({ PORT_OFFSET: '60000' }), /65535/)
})

test('an old Node is told what to run', () => {
  assert.throws(() => requireNode('20.20.2'), /npm ci/)
  requireNode('24.0.0')
})
