import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadLlama } from './llama/load-llama.ts'
import { longestTextOf } from './llama/longest-text.ts'
import { NativeModel } from './llama/native-model.ts'
import { TINY } from './testing.ts'
import { tokenizeInput } from './tokens.ts'

test('text that a tokenizer may not survive is refused by name, part by part', async () => {
  using model = await NativeModel.load(await loadLlama(false), TINY.file)
  const limits = { vocabularySize: 1024, contextSize: 512, longestToken: 32, longestText: 100 }
  const tokenize = (texts: readonly string[]) =>
    tokenizeInput(
      model,
      limits,
      texts.map((text) => ({ kind: 0, text })),
      [],
    )
  assert.ok(tokenize(['a'.repeat(100), 'b'.repeat(100)]).length > 10)
  assert.throws(() => tokenize(['fine', 'a'.repeat(101)]), {
    code: 'PROMPT_TOO_LONG',
    message: /101 bytes.*100 at a time/,
  })
  // More parts than a call can have arguments.
  const parts = Array.from({ length: 250_000 }, (_, i) => (i === 0 ? 'a' : ''))
  assert.deepEqual(tokenize(parts), tokenize(['a']))
  assert.equal(model.longestText, Number.POSITIVE_INFINITY)
  assert.equal(longestTextOf('llama-bpe'), Number.POSITIVE_INFINITY)
  for (const name of ['deepseek-llm', 'aquila', '']) assert.equal(longestTextOf(name), 8_000)
})
