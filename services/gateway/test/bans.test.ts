import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { encodeAddress } from '@camelid/codec'
import { generatePrivateKey } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { identityOf } from '@camelid/p2p'
import { sharedNats } from './shared-nats.ts'
import { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

const CAMELID = fileURLToPath(new URL('../../cli/camelid.js', import.meta.url))
const identity = identityOf(generatePrivateKey())
const node = encodeAddress(identity.h2)
let gateway: TestGateway
let httpPort: number

before(async () => {
  httpPort = await freePort()
  gateway = await TestGateway.start({ HTTP_PORT: String(httpPort) })
})

after(async () => {
  await gateway[Symbol.asyncDispose]()
  await (await sharedNats()).stop()
})

/** Runs `camelid peer …` as the operator does. */
function peer(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const address = `127.0.0.1:${gateway.env.GRPC_PORT}`
  return new Promise((resolve) => {
    execFile(process.execPath, [CAMELID, 'peer', ...args, '--gateway', address], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}

test('the operator bans a node: its connection ends, it hears why, and it stays out over a restart until it is let in', async () => {
  const first = await gateway.dial({ identity })
  const bystander = await gateway.dial()
  const { out } = await peer('ban', node, '--minutes', '5', '--reason', 'floods us')
  assert.match(out, /is banned until .*Z; connections ended: 1/)
  assert.equal(await first.connection.closed, 'REFUSED')
  assert.equal(first.connection.reason?.data.code, 'BANNED')
  assert.match(first.connection.reason?.message ?? '', /floods us/)
  assert.equal(bystander.connection.reason, undefined)
  assert.match((await peer('list')).out, /in/)
  const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  assert.match(metrics, /camelid_p2p_banned(\{.*\})? 1/)

  await gateway.stop('SIGKILL')
  await gateway.start()
  const again = await gateway.dial({ identity })
  assert.equal(await again.connection.closed, 'REFUSED')
  assert.match((await peer('bans')).out, new RegExp(`${node} .*floods us`))

  assert.equal((await peer('unban', node)).code, 0)
  assert.match((await peer('bans')).out, /nobody is banned/)
  const welcome = await gateway.dial({ identity })
  await gateway.client.listPeers({})
  assert.equal(welcome.connection.reason, undefined)
  const twice = await peer('unban', node)
  assert.equal(twice.code, 1)
  assert.match(twice.err, /was not banned.*NOT_FOUND/)
})

test('hosts are banned by address, and mistakes are named', async () => {
  assert.equal((await peer('ban', '8.8.8.8', '--json')).code, 0)
  assert.match((await peer('bans', '--json')).out, /"who":"8\.8\.8\.8"/)
  assert.equal((await peer('unban', '::ffff:8.8.8.8')).code, 0)
  const typo = `${node.slice(0, -1)}${node.endsWith('2') ? '3' : '2'}`
  const mistakes: [string[], RegExp][] = [
    [['ban', 'example.org'], /"example\.org" is neither a node's address.* nor an IP address/],
    [['ban', typo], /neither a node's address/],
    [['ban', '8.8.8.8:7331'], /nor an IP address without a port/],
    [['ban', '8.8.8.8', '--minutes', 'ten'], /"ten" is no number/],
    [['ban', '8.8.8.8', '--minutes', '-5'], /"-5" is no number/],
    [['unbann', node], /unban/],
  ]
  const made = await Promise.all(mistakes.map(([args]) => peer(...args)))
  for (const [i, { code, err }] of made.entries()) {
    assert.equal(code, 2, err)
    assert.match(err, mistakes[i]?.[1] ?? /^$/)
  }
  assert.match((await peer('bans')).out, /nobody is banned/)
  const shared = await peer('ban', '127.0.0.1')
  assert.equal(shared.code, 1)
  assert.match(shared.err, /ban the node key instead.*BAD_REQUEST/)
  assert.match((await peer('ban', '8.8.8.8', '--minutes', '0')).err, /BAD_REQUEST/)
})

test('all metrics are there that the manual names', async () => {
  const manual = await readFile(new URL('../../../docs/peer-network.md', import.meta.url), 'utf8')
  const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  const names = new Set(manual.match(/camelid_p2p_\w+/g))
  assert.ok(names.size > 8)
  for (const name of names) assert.match(metrics, new RegExp(`^# TYPE ${name} `, 'm'))
})

test('a ban ends by itself', async () => {
  await gateway.client.ban({ who: { case: 'h2', value: identity.h2 }, seconds: 3n, reason: '' })
  assert.equal((await gateway.client.listBans({})).bans.length, 1)
  await until('the end of the ban', async () => (await gateway.client.listBans({})).bans.length === 0)
  const peerAgain = await gateway.dial({ identity })
  await gateway.client.listPeers({})
  assert.equal(peerAgain.connection.reason, undefined)
})
