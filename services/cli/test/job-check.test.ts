import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Job, jobId } from '@camelid/codec'
import { hexToBytes } from '@camelid/crypto'
import { findModel, loadRegistry, openEngine } from '@camelid/engine'
import type { Engine } from '@camelid/rastic'
import { anOpenedJob, anOpenedJobFile } from '../src/check-job/testing.ts'
import { camelid } from './camelid-program.ts'

const MODELS = join(import.meta.dirname, '../../../models')

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

  it('names the token where a cheat diverges, in words, in the picture and by its exit code', async () => {
    const at = 20
    const cheat = honest.with(at, ((honest[at] ?? 0) + 500) % 1024)
    const file = write('cheat.json', cheat)
    const svg = join(dir, 'cheat.svg')
    const { code, out } = await check(file, '--svg', svg)
    assert.equal(code, 3)
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
    assert.equal(unknown.code, 4)
    assert.match(unknown.out, /verdict +INCONCLUSIVE\nwhy .*noise profile/)
    const elsewhere = await check(write('backend.json', honest, {}, 'cuda x64'), '--svg', join(dir, 'none.svg'))
    assert.match(elsewhere.out, /INCONCLUSIVE/)
    assert.match(elsewhere.err, /nothing to draw.*\[NO_PICTURE\]/s)
    assert.equal(elsewhere.code, 1)
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
    const svg = join(dir, 'short.svg')
    const short = await check(write('short.json', honest.slice(0, 10)), '--svg', svg)
    assert.equal(short.code, 3)
    assert.match(readFileSync(svg, 'utf8'), /INVALID: .*first divergence: token 10/s)
    assert.match(
      short.out,
      /INVALID\nwhy +the output was cut off after 10 of 60 tokens.*\ndiverges +at output position 10\n/,
    )
    assert.match(short.out, /positions +none of 10 checked: the model was not run\ntime/)
    const foreign = await check(write('long.json', Array<number>(600).fill(400), { maxTokens: 600 }))
    assert.equal(foreign.code, 1)
    assert.match(foreign.err, /\[PROMPT_TOO_LONG\]/)
  })

  it('draws over an older picture alone, never over the job or any other file, and tells the verdict first', async () => {
    const job = write('kept.json', honest)
    const link = join(dir, 'link.svg')
    const notes = join(dir, 'notes.txt')
    const older = join(dir, 'older.svg')
    symlinkSync(job, link)
    writeFileSync(notes, 'how to draw <svg>')
    writeFileSync(older, '<?xml version="1.0"?>\n<!-- older -->\n<svg xmlns="http://www.w3.org/2000/svg"/>')
    const evidence = readFileSync(job, 'utf8')
    const cases: [string, RegExp][] = [
      [job, /is the job itself.*name another file by --svg \[NO_PICTURE\]/],
      [link, /is the job itself.*\[NO_PICTURE\]/],
      [notes, /is no SVG: name one that is not there yet by --svg \[NO_PICTURE\]/],
    ]
    for (const [svg, message] of cases) {
      const { code, out, err } = await check(job, '--svg', svg)
      assert.match(out, /verdict +VALID/)
      assert.match(err, message)
      assert.equal(code, 1)
    }
    assert.equal(readFileSync(job, 'utf8'), evidence)
    assert.equal(readFileSync(notes, 'utf8'), 'how to draw <svg>')
    assert.equal((await check(job, '--svg', older)).code, 0)
    assert.match(readFileSync(older, 'utf8'), /VALID: camelid-tiny-F16/)
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
    const nowhere = await camelid('job', 'check', write('job.json', honest), '--models', join(dir, 'nowhere'))
    assert.equal(nowhere.code, 1)
    assert.match(nowhere.err, /by MODELS_DIR, or by --models DIR \[BAD_REGISTRY\]/)
  })
})
