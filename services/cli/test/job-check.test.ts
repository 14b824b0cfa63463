import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Job, jobId } from '@camelid/codec'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { findModel, loadRegistry, openEngine } from '@camelid/engine'
import type { Engine } from '@camelid/rastic'
import { anOpenedJob, anOpenedJobFile } from '../src/check-job/testing.ts'

const MODELS = join(import.meta.dirname, '../../../models')
const PROGRAM = join(import.meta.dirname, '../camelid.js')

/** Runs the program as a person does, and gives what it said and its exit code. */
function camelid(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { timeout: 60_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}

describe('camelid job check', () => {
  const dir = mkdtempSync(join(tmpdir(), 'camelid-job-check-'))
  const tiny = findModel(loadRegistry(MODELS), 'camelid-tiny-F16')
  const terms: Partial<Job> = {
    modelSha256: hexToBytes(tiny.sha256),
    modelName: tiny.name,
    profileSha256: hexToBytes(tiny.profiles[0]?.sha256 ?? ''),
    input: [{ kind: 0, text: 'Once upon a time' }],
    maxTokens: 60,
  }
  let engine: Engine
  let honest: readonly number[]

  before(async () => {
    const log = { debug: () => {}, warn: () => {} }
    engine = await openEngine({ modelPath: tiny.file, expected: tiny, sequences: 1, threads: 1, log })
    const { job } = anOpenedJob(terms)
    const { tokenIds } = await engine.generate({ job, jobId: jobId(job), signal: new AbortController().signal })
    honest = tokenIds
  })
  after(async () => {
    await engine.dispose()
    rmSync(dir, { recursive: true, force: true })
  })

  /** A file in which the node commits to these tokens. */
  function write(
    name: string,
    tokenIds: readonly number[],
    change: Partial<Job> = {},
    backend = engine.backend,
  ): string {
    const file = join(dir, name)
    const text = engine.detokenize([], tokenIds)
    const opened = anOpenedJob({ ...terms, ...change }, { tokenIds, text, engine: engine.engine, backend })
    writeFileSync(file, anOpenedJobFile(opened))
    return file
  }
  const check = (file: string, ...more: string[]) => camelid('job', 'check', file, '--models', MODELS, ...more)

  it('finds an honest output VALID, shows every position, and draws it', async () => {
    const svg = join(dir, 'honest.svg')
    const { code, out, err } = await check(write('honest.json', honest), '--all', '--svg', svg)
    assert.equal(code, 0, err)
    assert.match(out, /verdict +VALID/)
    assert.match(out, new RegExp(`positions +${honest.length} of ${honest.length} checked: ${honest.length} match`))
    assert.equal(out.match(/the same/g)?.length, honest.length)
    const picture = readFileSync(svg, 'utf8')
    assert.match(picture, /^<svg .*VALID: camelid-tiny-F16/s)
    assert.doesNotMatch(picture, /divergence/)
  })

  it('names the token where a cheat diverges, in words and in the picture, and exits 1', async () => {
    const at = 20
    const cheat = honest.with(at, ((honest[at] ?? 0) + 500) % 1024)
    const file = write('cheat.json', cheat)
    const svg = join(dir, 'cheat.svg')
    const { code, out } = await check(file, '--svg', svg)
    assert.equal(code, 1)
    assert.match(out, /verdict +INVALID/)
    assert.match(out, new RegExp(`why +token ${at} is .* but the model chooses`))
    assert.match(out, new RegExp(`diverges +at output position ${at}`))
    assert.match(out, /honest +an honest node shows this with probability (at most \S+e-\d+|under 1e-300)\n/)
    assert.match(out, new RegExp(`\n${at} +".*" \\(${cheat[at]}\\) +".*" \\(${honest[at]}\\) +[0-9.]+ +miss\n`))
    assert.match(out, /more, none of a wider margin: --all shows them/)
    assert.match(readFileSync(svg, 'utf8'), new RegExp(`first divergence: token ${at}`))
    const json = JSON.parse((await check(file, '--json', '--all')).out)
    assert.equal(json.verdict, 'INVALID')
    assert.equal(json.positions.length, honest.length)
    assert.equal(json.positions[at].kind, 'miss')
    assert.equal(json.positions[at].expected, honest[at])
    assert.equal(
      json.positions.findIndex(({ kind }: { kind: string }) => kind === 'miss'),
      json.firstDivergence,
    )
  })

  it('condemns nobody without the means to judge, and says what is missing', async () => {
    const unknown = await check(write('profile.json', honest, { profileSha256: new Uint8Array(32) }))
    assert.equal(unknown.code, 1)
    assert.match(unknown.out, /verdict +INCONCLUSIVE\nwhy .*noise profile/)
    const elsewhere = await check(write('backend.json', honest, {}, 'cuda x64'), '--svg', join(dir, 'none.svg'))
    assert.match(elsewhere.out, /INCONCLUSIVE/)
    assert.match(elsewhere.err, /nothing to draw.*\[FILE\]/s)
    const model = await check(
      write('model.json', honest, { modelSha256: new Uint8Array(32), modelName: 'a\u001b[2Jb' }),
    )
    assert.equal(model.code, 1)
    assert.match(model.err, /no model with SHA-256 0{64}, which the job calls "a\ufffd\[2Jb".*\[NOT_FOUND\]/)
    const empty = join(dir, 'models')
    mkdirSync(empty)
    for (const name of ['models.json', 'profiles']) cpSync(join(MODELS, name), join(empty, name), { recursive: true })
    const missing = await camelid('job', 'check', write('file.json', honest), '--models', empty)
    assert.match(missing.err, /no model file at .*\[MODEL_NOT_FOUND\]/)
  })

  it('finds faults that need no run of the model, and outputs that no context holds', async () => {
    const short = await check(write('short.json', honest.slice(0, 10)))
    assert.match(
      short.out,
      /INVALID\nwhy +the output was cut off after 10 of 60 tokens.*\ndiverges +at output position 10\n/,
    )
    assert.match(short.out, /positions +none of 10 checked: the model was not run\ntime/)
    const foreign = await check(write('long.json', Array<number>(600).fill(400), { maxTokens: 600 }))
    assert.equal(foreign.code, 1)
    assert.match(foreign.err, /\[PROMPT_TOO_LONG\]/)
  })

  it('refuses hostile files by name', async () => {
    const rubbish = join(dir, 'rubbish.json')
    writeFileSync(rubbish, '{"format":"camelid opened job"}')
    const cases: [string, RegExp][] = [
      [rubbish, /\[BAD_JOB_FILE\]/],
      [dir, /\[FILE\]/],
      [join(dir, 'absent'), /cannot be read.*\[FILE\]/],
      ['/dev/zero', /more than \d+ bytes.*\[FILE\]/],
    ]
    for (const [file, message] of cases) {
      const { code, err } = await check(file)
      assert.equal(code, 1, file)
      assert.match(err, message)
    }
    assert.equal((await check(rubbish, '--threads', '0')).code, 2)
  })
})

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
