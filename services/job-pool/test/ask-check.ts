import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { publicKeyOf } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { CheckKind } from '@camelid/proto/p2p/v1/messages_pb'
import { type AnswerKind, judgeAnswer } from '@camelid/rastic'
import type { Farm } from './farm.ts'

interface Output {
  readonly jobId: Uint8Array
  readonly tokenIds: readonly number[]
  readonly text: Uint8Array
}

/** Asks the node's job-pool, as its gateway does, for the token after `shown` of the output, and judges the answer. */
async function askToken(farm: Farm, { jobId, tokenIds }: Output, shown: number, claimed: number): Promise<AnswerKind> {
  const nonce = randomBytes(32)
  const asked = { peer: new Uint8Array(20), jobId, nonce, kind: CheckKind.TOKEN, tokenIds: tokenIds.slice(0, shown) }
  const answer = await farm.jobPool.check(asked)
  const question = { kind: 'token' as const, nonce, jobId, index: shown }
  return judgeAnswer(question, { kind: 'token', token: claimed }, answer, publicKeyOf(farm.nodeSecret))
}

/** What a client without the model may ask of a job that is paid for, by the real verifier. */
export async function assertAnswers(farm: Farm, output: Output): Promise<void> {
  const { jobId, tokenIds, text } = output
  for (const index of [0, Math.floor(tokenIds.length / 2), tokenIds.length - 1]) {
    const claimed = tokenIds[index] ?? -1
    assert.equal(await askToken(farm, output, index, claimed), 'agree')
    assert.equal(await askToken(farm, output, index, claimed === 400 ? 401 : 400), 'disagree')
  }
  const nonce = randomBytes(32)
  const ids = [...tokenIds]
  const told = await farm.jobPool.check({ peer: new Uint8Array(20), jobId, nonce, kind: CheckKind.TEXT, tokenIds: ids })
  const question = { kind: 'text' as const, nonce, jobId, index: ids.length }
  const judge = (claimed: Uint8Array): AnswerKind =>
    judgeAnswer(question, { kind: 'text', text: claimed, ends: ['none', 'last'] }, told, publicKeyOf(farm.nodeSecret))
  assert.equal(judge(text), 'agree')
  assert.equal(judge(Buffer.from('another text')), 'disagree')
  await refused(askToken(farm, output, ids.length, 5), 'BAD_QUESTION')
  await refused(askToken(farm, { ...output, jobId: new Uint8Array(32).fill(9) }, 0, 5), 'UNKNOWN_JOB')
}

/** Nobody has tokens for nothing: what is not paid for is not checked. */
export async function assertUnpaidRefused(farm: Farm, jobId: Uint8Array): Promise<void> {
  await refused(askToken(farm, { jobId, tokenIds: [], text: new Uint8Array(0) }, 0, 5), 'JOB_NOT_PAID')
}

async function refused(asking: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(asking, (error) => isCoded(error) && error.code === code)
}
