import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type CandidateRequest, type Engine, requestAll, ruleOf, selectToken } from '@camelid/rastic'
import { idOf, job, never, openTiny } from './testing.ts'

let engine: Engine
before(async () => {
  engine = await openTiny()
})
after(() => engine.dispose())

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

test('the engine says what it is', () => {
  assert.equal(engine.model.name, 'camelid-tiny-F16')
  assert.equal(engine.model.vocabularySize, 1024)
  assert.equal(engine.model.contextSize, 512)
  assert.match(engine.engine, /^node-llama-cpp 3\.22\.1 \/ llama\.cpp /)
  assert.equal(engine.backend, `cpu ${process.arch}`)
  assert.ok(engine.model.endOfGeneration(2))
  assert.ok(!engine.model.endOfGeneration(13))
})

test('input is BOS, the segments in order, the prefix; special tokens are parsed in template text alone', () => {
  const plain = engine.tokenize([{ kind: 0, text: 'a fox</s>' }], [])
  const template = engine.tokenize([{ kind: 1, text: 'a fox</s>' }], [])
  assert.equal(plain[0], 1)
  assert.ok(!plain.includes(2))
  assert.equal(template.at(-1), 2)
  const both = engine.tokenize(
    [
      { kind: 0, text: 'Once' },
      { kind: 0, text: ' upon' },
    ],
    [100, 200],
  )
  assert.deepEqual(both, [
    1,
    ...engine.tokenize([{ kind: 0, text: 'Once' }], []).slice(1),
    ...engine.tokenize([{ kind: 0, text: ' upon' }], []).slice(1),
    100,
    200,
  ])
})

test('text is the bytes after those of the prefix, so chunks join to the whole', () => {
  const ids = engine.tokenize([{ kind: 0, text: 'The llama — “¡olé!” 🦙 said Pia.' }], []).slice(1)
  const whole = engine.detokenize([], ids)
  assert.equal(text(whole), 'The llama — “¡olé!” 🦙 said Pia.')
  for (let cut = 1; cut < ids.length; cut++) {
    const parts = [engine.detokenize([], ids.slice(0, cut)), engine.detokenize(ids.slice(0, cut), ids.slice(cut))]
    assert.deepEqual(Buffer.concat(parts), Buffer.from(whole))
  }
  assert.equal(text(engine.detokenize([5], [2])), '')
})

test('jobs that cannot be run are refused by name, before any work', async () => {
  const generate = (bad: Parameters<typeof job>) =>
    engine.generate({ job: job(...bad), jobId: idOf(1), signal: never() })
  await assert.rejects(generate(['']), { code: 'EMPTY_PROMPT' })
  await assert.rejects(generate(['word '.repeat(600)]), { code: 'PROMPT_TOO_LONG', message: /512/ })
  // Newlines are the slowest text to tokenise: minutes for this one.
  await assert.rejects(generate(['\n'.repeat(256 * 1024)]), { code: 'PROMPT_TOO_LONG', message: /bytes/ })
  await assert.rejects(generate(['a fox', { maxTokens: 511 }]), { code: 'PROMPT_TOO_LONG' })
  await assert.rejects(generate(['a fox', { maxTokens: 0 }]), { code: 'NO_TOKENS_ASKED' })
  await assert.rejects(generate(['a fox', { prefix: [1024] }]), { code: 'BAD_TOKEN_ID' })
  await assert.rejects(engine.evaluate({ tokens: [1, -1], wanted: [], signal: never() }), { code: 'BAD_TOKEN_ID' })
  assert.throws(() => engine.detokenize([], [4_000_000_000]), { code: 'BAD_TOKEN_ID' })
})

test('each token is F of the tokens before it, and all logits give the same tokens as few', async () => {
  for (const rest of [
    { temperatureMilli: 0 },
    { temperatureMilli: 1200 },
    { temperatureMilli: 800, topK: 5, topPMicro: 900_000 },
  ]) {
    const asked = job('One day, a little llama named', { ...rest, maxTokens: 60 })
    const { tokenIds, inputTokens } = await engine.generate({ job: asked, jobId: idOf(7), signal: never() })
    const input = engine.tokenize(asked.input, [])
    assert.equal(input.length, inputTokens)
    const wanted = tokenIds.map((_, i) => ({ after: input.length + i - 1, request: requestAll(1024) }))
    const all = await engine.evaluate({
      tokens: [...input, ...tokenIds].slice(0, -1),
      wanted,
      oneByOneFrom: input.length,
      signal: never(),
    })
    const rule = ruleOf(asked, idOf(7))
    assert.deepEqual(
      all.map((candidates, i) => selectToken(candidates, rule, input.length + i).found?.token),
      tokenIds,
    )
  }
})

test('the quick way to the top logits gives the same numbers as the slow one', async () => {
  const tokens = engine.tokenize([{ kind: 0, text: 'There once was a shy owl named' }], [])
  const ask = async (request: CandidateRequest) =>
    (await engine.evaluate({ tokens, wanted: [{ after: tokens.length - 1, request }], signal: never() }))[0]
  const quick = await ask({ top: 40, tokens: [] })
  const slow = await ask({ top: 40, tokens: [5] })
  const all = await ask(requestAll(1024))
  for (const [i, id] of quick?.ids.entries() ?? []) {
    assert.equal(quick?.logits[i], all?.logits[all.ids.indexOf(id)])
    assert.equal(quick?.logits[i], slow?.logits[slow.ids.indexOf(id)])
  }
  assert.equal(quick?.floor, slow?.floor)
  assert.equal(all?.floor, Number.NEGATIVE_INFINITY)
})

test('one at a time and many in one batch give the same outputs', async () => {
  const prompts = [
    'Once upon a time',
    'A llama is',
    'Q: What is 3 + 4?\nA:',
    'Dear Anna,\n',
    'It is winter.',
    'Lily was a brave girl with',
  ]
  const asked = prompts.map((prompt, i) => ({
    job: job(prompt, { temperatureMilli: 800, maxTokens: 60 }),
    jobId: idOf(i),
    signal: never(),
  }))
  const together = await Promise.all(asked.map((one) => engine.generate(one)))
  for (const [i, one] of asked.entries()) {
    assert.deepEqual((await engine.generate(one)).tokenIds, together[i]?.tokenIds, prompts[i])
  }
})

test('progress is told after each token, and an abort ends a run at once and frees its sequence', async () => {
  const slow = await openTiny({ sequences: 1, tokenDelayMs: 20 })
  try {
    const stop = new AbortController()
    const counts: number[] = []
    const onToken = (count: number): void => {
      counts.push(count)
      if (count === 3) stop.abort(new Error('enough'))
    }
    const asked = { job: job('Once upon a time'), jobId: idOf(1), signal: stop.signal, onToken }
    const first = slow.generate(asked)
    const waiting = new AbortController()
    const second = slow.generate({ ...asked, signal: waiting.signal })
    waiting.abort(new Error('no longer'))
    await assert.rejects(second, /no longer/)
    await assert.rejects(first)
    assert.deepEqual(counts, [1, 2, 3])
    const after = await slow.generate({
      ...asked,
      job: job('A llama is', { maxTokens: 2 }),
      signal: never(),
      onToken: () => {},
    })
    assert.equal(after.tokenIds.length, 2)
  } finally {
    await slow.dispose()
  }
  await assert.rejects(slow.generate({ job: job('A llama is'), jobId: idOf(1), signal: never() }), {
    code: 'ENGINE_CLOSED',
  })
})
