import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import test from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { MAIN, runLauncher } from './command.ts'
import { openHome } from './home.ts'

const OFFSET = 16_000

test('mistakes are told in one line with the fix, before anything starts', async (t) => {
  using home = openHome(OFFSET)
  const cases: [string, NodeJS.ProcessEnv, RegExp][] = [
    ['an unknown cheat', { CHEAT: 'everything' }, /CHEAT=everything .*flip, truncate, pad, other-model, wrong-seed/],
    ['a temperature that is none', { TEMPERATURE: 'hot' }, /TEMPERATURE must be a number from 0 to 5/],
    ['tokens below one', { MAX_TOKENS: '0' }, /MAX_TOKENS must be from 1/],
    ['an empty prompt', { PROMPT: '' }, /PROMPT is empty/],
    ['a port that is none', { NATS_PORT: 'x' }, /NATS_PORT is x/],
    ['a port of the second node that is none', { NODES: '2', NODE_2_P2P_PORT: 'x' }, /NODE_2_P2P_PORT is x/],
    ['a number of nodes that is none', { NODES: 'many' }, /NODES is many: .* from 1 to 5/],
    ['a state directory that is none', { CAMELID_HOME: '/' }, /CAMELID_HOME/],
    ['a NATS that is not there', { NATS_SERVER: '/nowhere/nats-server' }, /NATS_SERVER is \/nowhere\/nats-server/],
  ]
  for (const [name, env, expected] of cases) {
    await t.test(name, async () => {
      const { code, stderr } = await runLauncher(['demo'], { ...home.env, ...env })
      assert.equal(code, 1)
      assert.match(stderr, expected)
      assert.equal(stderr.trim().split('\n').length, 1, stderr)
    })
  }
  await t.test('a port that is taken', async () => {
    const server = createServer().listen(7360 + OFFSET, '127.0.0.1')
    await once(server, 'listening')
    try {
      const { code, stderr } = await runLauncher(['demo'], home.env)
      assert.equal(code, 1)
      assert.match(stderr, new RegExp(`${7360 + OFFSET}.*CLIENT_HTTP_PORT`))
    } finally {
      server.close()
    }
  })
})

test('kill -9 of the launcher leaves no process behind, and a second start works', async () => {
  using home = openHome(17_000)
  const launcher = spawn(process.execPath, [MAIN, 'testnet'], { env: home.env, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  launcher.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  for (let i = 0; !printed.includes('everything is ready'); i++) {
    assert.ok(i < 600, `not ready after a minute: ${printed}`)
    await wait(100)
  }
  launcher.kill('SIGKILL')
  for (let i = 0; (await answering(17_000)).length > 0; i++) {
    assert.ok(i < 300, `still answering after 30 s: ports ${(await answering(17_000)).join(', ')}`)
    await wait(100)
  }
  const second = await runLauncher(['demo'], home.env)
  assert.equal(second.code, 0, second.stdout + second.stderr)
})

/** Ports of this testnet on which somebody answers. */
async function answering(offset: number): Promise<number[]> {
  const ports = [7322, 7331, 7332, 7341, 7342, 7343, 7351, 7352, 7353, 7354, 7355, 7356, 7357, 7360].map(
    (port) => port + offset,
  )
  const open = await Promise.all(ports.map(async (port) => ((await connects(port)) ? port : 0)))
  return open.filter((port) => port > 0)
}

function connects(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(true))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)))
  })
}
