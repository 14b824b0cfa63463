import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { decodeCommitment, decodeOpening, jobId as jobIdOf, outputHash } from '@camelid/codec'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { type FastifyInstance, fastify } from 'fastify'
import { z } from 'zod'
import { addRoutes } from '../src/http/routes.ts'
import { openedJob } from '../src/jobs/opened-job.ts'
import { openKeys } from '../src/keys/open-keys.ts'
import { makePrivateDirectory } from '../src/store/open.ts'
import { limits, type RunningClient, scratchDirectory, startClient, testConfig } from './support/open-client.ts'
import { modelsWithoutFiles, startFarm, type TestFarm } from './support/test-farm.ts'
import { easyParams } from './support/test-params.ts'
import { until } from './support/until.ts'

const params = easyParams()
const errorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), data: z.record(z.string(), z.unknown()).optional() }),
})
const jobBody = { model: 'camelid-tiny-F16', prompt: 'Once upon a time', maxTokens: 8 }

describe('the API of the client', () => {
  const scratch = scratchDirectory()
  let farm: TestFarm
  let running: RunningClient
  let http: FastifyInstance
  let url: string

  before(async () => {
    const dataDir = join(scratch.dir, 'data')
    makePrivateDirectory(dataDir)
    const { keys } = openKeys({ dataDir, passwordFile: join(scratch.dir, 'password') })
    farm = await startFarm({ params, clientH2: keys.h2, coins: 3 })
    const modelsDir = modelsWithoutFiles(scratch.dir)
    running = await startClient({
      config: testConfig({ dir: scratch.dir, params, peers: [farm.node.address], modelsDir }),
    })
    http = fastify()
    addRoutes(http, { client: running.client, limits, signal: new AbortController().signal })
    url = await http.listen({ host: '127.0.0.1', port: 0 })
    await until('the coins', () => running.client.wallet.view().balance > 0n)
  })
  after(async () => {
    await http.close()
    await running[Symbol.asyncDispose]()
    await farm.node[Symbol.asyncDispose]()
    scratch.remove()
  })

  const send = (path: string, body: unknown) =>
    fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

  async function refused(answer: Response): Promise<{ status: number; code: string; message: string }> {
    const { error } = errorBody.parse(await answer.json())
    return { status: answer.status, code: error.code, message: error.message }
  }

  it('tells of the wallet, amounts as strings of base units', async () => {
    const wallet = z
      .looseObject({ balance: z.string(), synced: z.boolean() })
      .parse(await (await fetch(`${url}/wallet`)).json())
    assert.equal(wallet.balance, '15000000000')
    assert.equal(wallet.synced, true)
  })

  it('gives out a new address, and lists all with what they hold', async () => {
    const address = z.object({
      address: z.string(),
      path: z.string(),
      change: z.boolean(),
      used: z.boolean(),
      balance: z.string(),
    })
    const made = await send('/wallet/addresses', {})
    assert.equal(made.status, 201)
    const given = address.parse(await made.json())
    const { addresses } = z
      .object({ addresses: z.array(address) })
      .parse(await (await fetch(`${url}/wallet/addresses`)).json())
    assert.deepEqual(
      addresses.map(({ path, change, used, balance }) => ({ path, change, used, balance })),
      [
        { path: "m/44'/7331'/0'/0/0", change: false, used: true, balance: '15000000000' },
        { path: "m/44'/7331'/0'/0/1", change: false, used: false, balance: '0' },
      ],
    )
    assert.equal(addresses[1]?.address, given.address)
  })

  it('names every mistake in a job', async () => {
    const cases: [object, number, string, RegExp][] = [
      [{ prompt: '' }, 400, 'EMPTY_PROMPT', /Once upon a time/],
      [{ model: 'gpt-9' }, 404, 'UNKNOWN_MODEL', /known models: camelid-tiny-F16/],
      [{ temperature: 9 }, 400, 'BAD_TEMPERATURE', /0 \(greedy\) to 5/],
      [{ maxTokens: 0 }, 400, 'BAD_MAX_TOKENS', /whole number/],
      [{ maxTokens: 600 }, 400, 'PROMPT_TOO_LONG', /the model holds 512/],
      [{ prompt: 'x'.repeat(300_000) }, 400, 'PROMPT_TOO_LONG', /shorten it/],
      [{ reward: '1000000000000' }, 402, 'INSUFFICIENT_FUNDS', /camelid faucet 1/],
      [{ seed: '99999999999999999999' }, 400, 'BAD_REQUEST', /seed/],
      [{ colour: 'red' }, 400, 'BAD_REQUEST', /colour/],
      [{ input: [{ text: 'a' }] }, 400, 'BAD_REQUEST', /not both/],
    ]
    for (const [change, status, code, message] of cases) {
      const refusal = await refused(await send('/jobs', { ...jobBody, ...change }))
      assert.equal(refusal.code, code)
      assert.equal(refusal.status, status, code)
      assert.match(refusal.message, message)
    }
  })

  it('names mistakes in everything else', async () => {
    assert.equal((await refused(await fetch(`${url}/jobs/zz`))).code, 'BAD_REQUEST')
    assert.equal((await refused(await fetch(`${url}/jobs/${'0'.repeat(64)}`))).code, 'JOB_NOT_FOUND')
    assert.equal((await refused(await fetch(`${url}/nothing`))).code, 'NOT_FOUND')
    assert.equal((await refused(await send('/wallet/send', { address: '1abc', amount: '1' }))).code, 'BAD_ADDRESS')
    assert.equal((await refused(await send('/wallet/send', { address: '1abc', amount: '-1' }))).code, 'BAD_REQUEST')
    assert.equal((await refused(await send('/jobs', 'x'.repeat(2 << 20)))).status, 413)
    const broken = await fetch(`${url}/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    })
    assert.equal((await refused(broken)).code, 'BAD_REQUEST')
  })

  it('refuses what a web page of another origin sends', async () => {
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' }
    const answer = await fetch(`${url}/wallet/send`, { method: 'POST', headers, body: '{}' })
    assert.equal((await refused(answer)).code, 'FOREIGN_ORIGIN')
    const rebound = await http.inject({ method: 'GET', url: '/wallet', headers: { host: 'evil.example:7360' } })
    assert.equal(rebound.statusCode, 403)
  })

  it('streams the stages of a job from its first, and gives the job with its output', async () => {
    const { jobId } = z.object({ jobId: z.string() }).parse(await (await send('/jobs', jobBody)).json())
    const answer = await fetch(`${url}/jobs/${jobId}/events`)
    assert.equal(answer.headers.get('content-type'), 'text/event-stream')
    const stages: string[] = []
    let text = ''
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks)
        stages.push(z.object({ stage: z.string() }).parse(JSON.parse(block.slice('data: '.length))).stage)
      if (stages.includes('checked')) break
    }
    assert.deepEqual(stages, ['funded', 'accepted', 'generating', 'committed', 'paid', 'delivered', 'checked'])
    const job = z
      .looseObject({ state: z.string(), output: z.string() })
      .parse(await (await fetch(`${url}/jobs/${jobId}`)).json())
    assert.equal(job.output, ' some text')
    const { jobs } = z
      .object({ jobs: z.array(z.looseObject({ jobId: z.string() })) })
      .parse(await (await fetch(`${url}/jobs`)).json())
    assert.equal(jobs[0]?.jobId, jobId)

    const opened = z
      .strictObject({ jobId: z.string(), job: z.string(), commitment: z.string(), opening: z.string() })
      .parse(await (await fetch(`${url}/jobs/${jobId}/opening`)).json())
    const { statement } = decodeCommitment(hexToBytes(opened.commitment))
    const opening = decodeOpening(hexToBytes(opened.opening))
    const id = jobIdOf(hexToBytes(opened.job))
    assert.equal(bytesToHex(id), jobId)
    assert.deepEqual(outputHash({ ...opening, jobId: id, rewardHash: statement.rewardHash }), statement.outputHash)
    assert.equal(new TextDecoder().decode(opening.text), ' some text')
    const { jobs: stored, keys } = running.client.context
    const row = stored.get(id)
    assert.ok(row !== undefined)
    assert.throws(() => openedJob({ ...row, delivery: null }, keys.privateKey), { code: 'NOT_DELIVERED' })
  })

  it('answers as OpenAI completions do', async () => {
    const models = z
      .looseObject({ data: z.array(z.looseObject({ id: z.string() })) })
      .parse(await (await fetch(`${url}/v1/models`)).json())
    assert.equal(models.data[0]?.id, 'camelid-tiny-F16')
    const order = { model: 'camelid-tiny-F16', prompt: 'Once', max_tokens: 8, temperature: 0 }
    const completion = z
      .looseObject({ choices: z.array(z.looseObject({ text: z.string(), finish_reason: z.string() })) })
      .parse(await (await send('/v1/completions', order)).json())
    assert.equal(completion.choices[0]?.text, ' some text')
    const streamed = await (await send('/v1/completions', { ...order, stream: true })).text()
    assert.match(streamed, /^data: \{.*some text.*\}\n\ndata: \[DONE\]\n\n$/s)
    assert.equal((await refused(await send('/v1/completions', { ...order, n: 2 }))).code, 'BAD_REQUEST')
  })
})
