import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer, type Server as TcpServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { encodeAddress } from '@camelid/codec'
import { bytesToHex, hash160, publicKeyOf } from '@camelid/crypto'

const PROGRAM = join(import.meta.dirname, '../camelid.js')

/** What a client tells of a node whose secret is this byte, over and over. */
function aNode(secret: number, evidence: { verdict: string; passed: number; positions: number; misses: number }) {
  const key = publicKeyOf(new Uint8Array(32).fill(secret))
  return {
    nodeKey: bytesToHex(key),
    address: encodeAddress(hash160(key)),
    standing: evidence.verdict === 'CHEATING' ? 'poor' : 'good',
    score: evidence.verdict === 'CHEATING' ? 0 : 0.75,
    jobs: { valid: 2, invalid: 0, inconclusive: 1, failed: 0 },
    evidence,
    checks: { standing: 'unknown', score: 0.5, right: 0, outvoted: 0, disputed: 4, silent: 0, forged: 0 },
    updatedMs: 1_800_000_000_000,
  }
}

const honest = aNode(1, { verdict: 'OPEN', passed: 3, positions: 480, misses: 1 })
const cheat = aNode(2, { verdict: 'CHEATING', passed: 0, positions: 90, misses: 60 })

describe('camelid node standing', () => {
  let nodes: object[] = []
  let client: Server
  let other: TcpServer
  let url: string
  let otherUrl: string

  const standing = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, 'node', 'standing', ...args], { timeout: 60_000 }, (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
      )
    })

  before(async () => {
    client = createHttpServer((request, response) => {
      const isThere = request.url === '/nodes'
      response.writeHead(isThere ? 200 : 404, { 'content-type': isThere ? 'application/json' : 'text/plain' })
      response.end(isThere ? JSON.stringify({ nodes }) : 'Route \u001b[2Jnot found')
    })
    // As NATS does: it speaks first, and not in HTTP.
    other = createServer((socket) => socket.on('error', () => undefined).write('INFO {"server_id":"x"}\r\n'))
    url = `http://127.0.0.1:${await portOf(client)}`
    otherUrl = `http://127.0.0.1:${await portOf(other)}`
  })
  after(() => {
    client.close()
    other.close()
  })

  it('says what to do where nothing is known, of no node or of the one asked for', async () => {
    nodes = []
    const all = await standing('--client', url)
    assert.equal(all.code, 0, all.err)
    assert.match(all.out, /^no node sold or checked anything .*camelid job post/)
    const one = await standing(honest.nodeKey, '--client', url)
    assert.equal(one.code, 1)
    assert.match(one.err, new RegExp(`never dealt with node ${honest.nodeKey}.*\\[NOT_FOUND\\]`))
  })

  it('lists all nodes, and shows one by its key or its address', async () => {
    nodes = [honest, cheat]
    const { out } = await standing('--client', url)
    assert.match(
      out,
      new RegExp(`${honest.nodeKey} +good \\(0\\.75\\) +2 / 0 / 1 / 0 +1 of 480 +under way, passed 3 times`),
    )
    assert.match(out, new RegExp(`${cheat.nodeKey} +poor \\(0\\.00\\) .* 60 of 90 +cheating +unknown`))
    const [byKey, byAddress] = await Promise.all([
      standing(cheat.nodeKey.toUpperCase(), '--client', url),
      standing(cheat.address, '--client', url),
    ])
    assert.equal(byKey.out, byAddress.out)
    assert.match(byKey.out, /missed +60 of 90 tokens.*\ntest +cheating\n/)
    assert.match(byKey.out, /answers +0 right, 0 outvoted, 4 undecided/)
    assert.doesNotMatch(byKey.out, new RegExp(honest.nodeKey))
    const json = await standing(honest.address, '--client', url, '--json')
    assert.deepEqual(JSON.parse(json.out), honest)
  })

  it('names a key that is none, and a port that is not the client’s', async () => {
    const cases: [string[], RegExp, number][] = [
      [['02abc'], /"02abc" is neither the key of a node, 66 hex digits, nor its address/, 2],
      [[honest.nodeKey.slice(2)], /has 64 hex digits, not 66/, 2],
      [['05'.repeat(33)], /no point of the curve/, 2],
      [['--client', '127.0.0.1:7360'], /--client 127\.0\.0\.1:7360: give the URL/, 2],
      [['--client', otherUrl], /answers, but not in HTTP\. Start it.*\[UNREACHABLE\]/, 1],
      [
        ['--client', `${url}/elsewhere`],
        /answers 404, as no client does: is it the client's port\? Route �\[2Jnot found/,
        1,
      ],
    ]
    for (const [args, message, code] of cases) {
      const said = await standing(...args)
      assert.match(said.err, message)
      assert.equal(said.code, code, said.err)
    }
  })
})

async function portOf(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
