import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { bytesToHex, generatePrivateKey, publicKeyOf, sign } from '@camelid/crypto'
import fc from 'fast-check'
import { hashFinding, hashText, hashToken, MAX_CHOICES, type Question } from './question.ts'
import { type CheckAnswer, judgeAnswer, signAnswer } from './signed-answer.ts'

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const question: fc.Arbitrary<Question> = fc.record({
  kind: fc.constant('token' as const),
  nonce: bytes32,
  jobId: bytes32,
  index: fc.integer({ min: 0, max: 65_535 }),
})
const token = fc.integer({ min: 0, max: 200_000 })
const secret = generatePrivateKey()
const key = publicKeyOf(secret)
const answerOf = (asked: Question, hashes: Uint8Array[], by = secret): CheckAnswer =>
  signAnswer(asked, { hashes, engine: 'toy 1', backend: 'toy' }, (digest) => sign(digest, by))

describe('an answer to a question', () => {
  it('is the hash of nonce, job, index and token, to the byte', () => {
    const asked: Question = {
      kind: 'token',
      nonce: new Uint8Array(32).fill(1),
      jobId: new Uint8Array(32).fill(2),
      index: 3,
    }
    const hashed = (domain: string, rest: string): string =>
      createHash('sha256')
        .update(domain)
        .update(Buffer.concat([asked.nonce, asked.jobId, Buffer.from(rest, 'hex')]))
        .digest('hex')
    assert.equal(bytesToHex(hashToken(asked, 4)), hashed('camelid/check/token/v1', '0300000004000000'))
    const text = hashText({ ...asked, kind: 'text' }, Buffer.from(' llama'), 'last')
    assert.equal(bytesToHex(text), hashed('camelid/check/text/v1', '0300000001206c6c616d61'))
  })

  it('agrees with F’s choice, nearly with a near-tie, and with no other token', () => {
    fc.assert(
      fc.property(
        question,
        fc.uniqueArray(token, { minLength: 1, maxLength: MAX_CHOICES }),
        token,
        (asked, choices, other) => {
          const answer = answerOf(asked, hashFinding(asked, { kind: 'token', choices }))
          const judge = (claimed: number) => judgeAnswer(asked, { kind: 'token', token: claimed }, answer, key)
          for (const [i, choice] of choices.entries()) assert.equal(judge(choice), i === 0 ? 'agree' : 'near-tie')
          if (!choices.includes(other)) assert.equal(judge(other), 'disagree')
        },
      ),
    )
  })

  it('is worth nothing to whoever copies it: its nonce is another one', () => {
    fc.assert(
      fc.property(question, bytes32, token, (asked, nonce, claimed) => {
        const stolen = hashFinding(asked, { kind: 'token', choices: [claimed] })
        const mine = { ...asked, nonce }
        const claim = { kind: 'token' as const, token: claimed }
        const thief = generatePrivateKey()
        // Signed anew it disagrees, and an answer passed on as it came is not signed by him.
        assert.equal(judgeAnswer(mine, claim, answerOf(mine, stolen, thief), publicKeyOf(thief)), 'disagree')
        assert.equal(judgeAnswer(mine, claim, answerOf(asked, stolen), publicKeyOf(thief)), 'forged')
      }),
      { numRuns: 20 },
    )
  })

  it('is forged where it is signed for another question, by another node, or has no usable form', () => {
    const asked: Question = { kind: 'token', nonce: new Uint8Array(32), jobId: new Uint8Array(32), index: 7 }
    const claim = { kind: 'token' as const, token: 5 }
    const good = answerOf(asked, hashFinding(asked, { kind: 'token', choices: [5] }))
    assert.equal(judgeAnswer(asked, claim, good, key), 'agree')
    const others = [
      { ...asked, index: 8 },
      { ...asked, kind: 'text' as const },
      { ...asked, jobId: new Uint8Array(32).fill(1) },
    ]
    for (const other of others) assert.equal(judgeAnswer(other, claim, good, key), 'forged')
    assert.equal(judgeAnswer(asked, claim, good, publicKeyOf(generatePrivateKey())), 'forged')
    assert.equal(judgeAnswer(asked, claim, { ...good, backend: 'other' }, key), 'forged')
    assert.equal(judgeAnswer(asked, claim, { ...good, signature: new Uint8Array(3) }, key), 'forged')
    assert.equal(judgeAnswer(asked, claim, answerOf(asked, []), key), 'forged')
    const many = Array.from({ length: MAX_CHOICES + 1 }, (_, i) => hashToken(asked, i))
    assert.equal(
      judgeAnswer(asked, claim, answerOf(asked, many), key),
      'forged',
      'a list of all tokens would always agree',
    )
  })

  it('tells a text and its end from others', () => {
    const asked: Question = { kind: 'text', nonce: new Uint8Array(32), jobId: new Uint8Array(32), index: 9 }
    const text = Buffer.from(' a llama.')
    const answer = answerOf(asked, hashFinding(asked, { kind: 'text', text, end: 'last' }))
    const judge = (claimed: Uint8Array, ends: ('none' | 'last')[]) =>
      judgeAnswer(asked, { kind: 'text', text: claimed, ends }, answer, key)
    assert.equal(judge(text, ['last']), 'agree')
    assert.equal(judge(text, ['none', 'last']), 'agree')
    assert.equal(judge(text, ['none']), 'disagree')
    assert.equal(judge(Buffer.from(' an alpaca.'), ['last']), 'disagree')
  })
})
