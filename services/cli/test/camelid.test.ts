import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

const PROGRAM = join(import.meta.dirname, '../camelid.js')

interface Result {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the program as a person does, and gives what it said and its exit code. */
function camelid(...args: string[]): Promise<Result> {
  return execute([PROGRAM, ...args])
}

function execute(args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

describe('the program camelid', () => {
  const dir = mkdtempSync(join(tmpdir(), 'camelid-cli-test-'))
  after(() => rmSync(dir, { recursive: true, force: true }))

  it('suggests what a typo meant, and exits 2', async () => {
    const { code, err } = await camelid('walet')
    assert.equal(code, 2)
    assert.match(err, /Did you mean wallet\?/)
    assert.equal((await camelid('job', 'post', 'x', '--modle', 'y')).code, 2)
    assert.equal((await camelid('job', 'show', 'nonsense')).code, 2)
    assert.equal((await camelid('wallet', 'send', '1abc', '1e3')).code, 2)
  })

  it('helps, and exits 0', async () => {
    const { code, out } = await camelid('--help')
    assert.equal(code, 0)
    for (const name of ['wallet', 'job', 'receipt', 'node', 'chain', 'peer', 'model', 'faucet', 'version'])
      assert.match(out, new RegExp(name))
  })

  it('says which service does not answer, where, and how to start it', async () => {
    const port = await closedPort()
    const client = await camelid('wallet', 'balance', '--client', `http://127.0.0.1:${port}`)
    assert.equal(client.code, 1)
    assert.match(client.err, new RegExp(`client at http://127.0.0.1:${port} cannot be reached.*make testnet`))
    const chain = await camelid('chain', 'tip', '--chain', `127.0.0.1:${port}`)
    assert.equal(chain.code, 1)
    assert.match(chain.err, new RegExp(`chain service at 127.0.0.1:${port} cannot be reached.*make testnet`))
  })

  it('creates node keys once, private, and never writes over them', async () => {
    const keys = join(dir, 'node')
    const first = await camelid('node', 'init', '--dir', keys, '--json')
    assert.equal(first.code, 0, first.err)
    const before = readFileSync(join(keys, 'node.keystore'), 'utf8')
    for (const file of ['node.keystore', 'node.password', 'mining.keystore', 'mining.password']) {
      assert.equal(statSync(join(keys, file)).mode & 0o777, 0o600, file)
    }
    assert.equal(statSync(keys).mode & 0o777, 0o700)
    const second = await camelid('node', 'init', '--dir', keys, '--json')
    const [made, found] = [JSON.parse(first.out), JSON.parse(second.out)]
    assert.deepEqual({ ...found, created: true }, made)
    assert.equal(found.created, false)
    assert.equal(readFileSync(join(keys, 'node.keystore'), 'utf8'), before)
    assert.notEqual(made.nodeAddress, made.miningAddress)
    assert.doesNotMatch(before, new RegExp(made.nodeKey))
  })

  it('brings a wallet back from its words', async () => {
    const made = JSON.parse((await camelid('wallet', 'new', '--dir', join(dir, 'a'), '--json')).out)
    const words = await camelid('wallet', 'words', '--dir', join(dir, 'a'))
    assert.equal(words.out.trim().split(' ').length, 24)
    writeFileSync(join(dir, 'words'), words.out)
    const again = JSON.parse(
      (await camelid('wallet', 'new', '--dir', join(dir, 'b'), '--restore', join(dir, 'words'), '--json')).out,
    )
    assert.equal(again.address, made.address)
    const over = await camelid('wallet', 'new', '--dir', join(dir, 'a'))
    assert.equal(over.code, 1)
    assert.match(over.err, /never written over/)
  })

  it('tells an old Node which one to take', async () => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`
    const { code, err } = await execute(['--import', `data:text/javascript,${pretend}`, PROGRAM, 'version'])
    assert.equal(code, 1)
    assert.match(err, /needs Node 24 or newer, this is 20\.20\.2: .*npx camelid/)
  })

  it('refuses a network that does not exist', async () => {
    const { code, err } = await camelid('node', 'init', '--dir', join(dir, 'x'), '--network', 'moon')
    assert.equal(code, 1)
    assert.match(err, /use main, test or local/)
  })
})
