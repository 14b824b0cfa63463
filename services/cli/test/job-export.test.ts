import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { bytesToHex } from '@camelid/crypto'
import { anOpenedJobFile } from '../src/check-job/testing.ts'
import { camelid } from './camelid-program.ts'

describe('camelid job export', () => {
  const dir = mkdtempSync(join(tmpdir(), 'camelid-job-export-'))
  const file = anOpenedJobFile()
  const { format: _, version: __, ...answer } = JSON.parse(file)
  let server: Server
  let url: string

  before(async () => {
    server = createServer((request, response) => {
      const isThere = request.url === `/jobs/${answer.jobId}/opening`
      response.writeHead(isThere ? 200 : 409, { 'content-type': 'application/json' })
      response.end(JSON.stringify(isThere ? answer : { error: { code: 'NOT_DELIVERED', message: 'it is paid' } }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    url = `http://127.0.0.1:${address.port}`
  })
  after(() => {
    server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('writes what check reads, for its owner alone, and never over another file', async () => {
    const target = join(dir, 'job.json')
    const { code, out, err } = await camelid('job', 'export', answer.jobId, target, '--client', url)
    assert.equal(code, 0, err)
    assert.match(out, /camelid job check/)
    assert.equal(readFileSync(target, 'utf8'), file)
    assert.equal(statSync(target).mode & 0o777, 0o600)
    const again = await camelid('job', 'export', answer.jobId, target, '--client', url)
    assert.equal(again.code, 1)
    assert.match(again.err, /name one that is not there yet.*\[FILE\]/)
  })

  it('tells what the client refuses', async () => {
    const other = bytesToHex(new Uint8Array(32))
    const { code, err } = await camelid('job', 'export', other, join(dir, 'other.json'), '--client', url)
    assert.equal(code, 1)
    assert.match(err, /it is paid \(NOT_DELIVERED\)/)
  })
})
