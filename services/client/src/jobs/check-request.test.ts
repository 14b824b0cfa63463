import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded } from '@camelid/errors'
import { checkContext, checkRequest, type RequestRanges } from './check-request.ts'

const good: RequestRanges = {
  segments: [{ text: 'Once' }],
  prefix: [],
  maxTokens: 64,
  temperature: 0.8,
  topK: 0,
  topP: 1,
}
const withCode = (code: string) => (error: unknown) => isCoded(error) && error.code === code

describe('what may be asked for', () => {
  it('takes the whole range of each field', () => {
    for (const change of [
      {},
      { temperature: 0 },
      { temperature: 5 },
      { maxTokens: 65_536 },
      { topK: 40 },
      { topP: 0.1 },
      { segments: [], prefix: [1] },
    ]) {
      checkRequest({ ...good, ...change })
    }
  })

  it('names each mistake', () => {
    const cases: [Partial<RequestRanges>, string][] = [
      [{ segments: [{ text: '' }] }, 'EMPTY_PROMPT'],
      [{ segments: [] }, 'EMPTY_PROMPT'],
      [{ segments: [{ text: 'x'.repeat(300_000) }] }, 'PROMPT_TOO_LONG'],
      [{ segments: [{ text: '\ud800' }] }, 'BAD_REQUEST'],
      [{ temperature: -0.1 }, 'BAD_TEMPERATURE'],
      [{ temperature: Number.NaN }, 'BAD_TEMPERATURE'],
      [{ temperature: 5.1 }, 'BAD_TEMPERATURE'],
      [{ maxTokens: 0 }, 'BAD_MAX_TOKENS'],
      [{ maxTokens: 1.5 }, 'BAD_MAX_TOKENS'],
      [{ topK: -1 }, 'BAD_SAMPLING'],
      [{ topP: 0 }, 'BAD_SAMPLING'],
      [{ topP: 1.1 }, 'BAD_SAMPLING'],
    ]
    for (const [change, code] of cases) assert.throws(() => checkRequest({ ...good, ...change }), withCode(code), code)
  })

  it('says how many tokens there is room for', () => {
    checkContext({ promptTokens: 448, maxTokens: 64, contextSize: 512 })
    assert.throws(
      () => checkContext({ promptTokens: 449, maxTokens: 64, contextSize: 512 }),
      (error: unknown) =>
        withCode('PROMPT_TOO_LONG')(error) && error instanceof Error && /lower maxTokens to 63/.test(error.message),
    )
    assert.throws(() => checkContext({ promptTokens: 600, maxTokens: 1, contextSize: 512 }), /shorten the prompt$/)
  })
})
