import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CodedError } from '@camelid/errors'
import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { Client, credentials } from '@grpc/grpc-js'
import { type RpcServer, serveRpc, serviceImpl } from './serve.ts'

let server: RpcServer
let client: Client

before(async () => {
  const gateway = serviceImpl(GatewayService, {
    send: refuse,
    broadcast: refuse,
    listPeers: refuse,
    listBans: refuse,
    ban: refuse,
    unban: refuse,
  })
  server = await serveRpc({ host: '127.0.0.1', port: 0, services: [gateway], log: { error: () => undefined } })
  client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure())
})
after(async () => {
  client.close()
  await server[Symbol.asyncDispose]()
})

async function refuse(): Promise<never> {
  throw new CodedError('UNIMPLEMENTED', 'not in this test')
}
const same = (bytes: Buffer) => bytes
const nameField = (number: number, text: string) => Buffer.from([(number << 3) | 2, text.length, ...Buffer.from(text)])

function check(name: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest('/grpc.health.v1.Health/Check', same, same, nameField(1, name), (error, value) =>
      error || !value ? reject(error ?? new Error('no answer')) : resolve(value),
    )
  })
}

function reflect(question: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const call = client.makeBidiStreamRequest('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', same, same)
    call.on('data', resolve)
    call.on('error', reject)
    call.write(question)
    call.end()
  })
}

test('health answers for the server and for each service, and NOT_FOUND for others', async () => {
  assert.deepEqual([...(await check(''))], [8, 1])
  assert.deepEqual([...(await check('camelid.gateway.v1.GatewayService'))], [8, 1])
  await assert.rejects(check('nobody'), /NOT_FOUND/)
})

test('reflection lists the services and gives their files', async () => {
  assert.ok((await reflect(nameField(7, '*'))).includes('camelid.gateway.v1.GatewayService'))
  const file = await reflect(nameField(4, 'camelid.gateway.v1.GatewayService.Send'))
  assert.ok(file.includes('camelid/gateway/v1/gateway.proto'))
  assert.ok((await reflect(nameField(3, 'camelid/gateway/v1/gateway.proto'))).includes('SendRequest'))
  assert.ok((await reflect(nameField(4, 'no.such.Thing'))).includes('not known here'))
})
