import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { isCoded } from '@camelid/errors'
import { checkPorts, freePort } from './check.ts'

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
