import { randomBytes } from 'node:crypto'
import { P2pError, questions, request } from '@camelid/p2p'
import { CheckKind } from '@camelid/proto/p2p/v1/messages_pb'
import {
  type Answer,
  type Asked,
  CHECK_NONCE_BYTES,
  type Claim,
  judgeAnswer,
  type Profile,
  profileCovers,
} from '@camelid/rastic'
import { sleep } from '@camelid/runtime'
import type { Log } from '../log.ts'
import type { Peer } from '../peers/peer-set.ts'

const PAUSE_MS = 500
const TRIES = 4
/** What passes: the node is busy, or has yet to hear of the payment. */
const PASSING: readonly unknown[] = ['CHECKS_BUSY', 'RATE_LIMITED', 'JOB_NOT_PAID', 'UNKNOWN_JOB', 'UNAVAILABLE']

/** An output that is asked about. */
export interface AskedOutput {
  readonly jobId: Uint8Array
  readonly modelSha256: Uint8Array
  readonly tokenIds: readonly number[]
  readonly text: Uint8Array
  readonly maxTokens: number
  readonly profile: Profile
  /** What the commitment says of who made it. */
  readonly engine: string
  readonly backend: string
}

/** Puts one question to one neighbour, with a nonce of its own, and judges the answer; rejects only where `signal` aborts. */
export async function askNeighbour(
  peer: Peer,
  output: AskedOutput,
  asked: Asked,
  options: { readonly signal: AbortSignal; readonly log: Log; readonly timeoutMs: number },
): Promise<Answer> {
  const { signal, log } = options
  for (let tries = 1; ; tries++) {
    try {
      return await askOnce(peer, output, asked, options)
    } catch (error) {
      signal.throwIfAborted()
      const code = error instanceof P2pError && error.code === 'REFUSED' ? error.data.code : undefined
      if (PASSING.includes(code) && tries < TRIES) {
        await sleep(PAUSE_MS, signal)
        continue
      }
      log.info({ peer: peer.address, index: asked.index, reason: String(error) }, 'a neighbour did not check')
      if (code !== undefined) return 'refused'
      return error instanceof P2pError && error.score > 0 ? 'forged' : 'silent'
    }
  }
}

async function askOnce(
  peer: Peer,
  output: AskedOutput,
  asked: Asked,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Answer> {
  const { jobId, tokenIds, profile } = output
  const { kind, index } = asked
  const nonce = randomBytes(CHECK_NONCE_BYTES)
  const question = {
    jobId,
    nonce,
    kind: kind === 'token' ? CheckKind.TOKEN : CheckKind.TEXT,
    // Never the token that is asked for.
    tokenIds: tokenIds.slice(0, index),
  }
  const answer = await request(peer.connection, questions.check, question, { timeoutMs, signal })
  const { engine, backend } = answer
  const judged = judgeAnswer({ kind, nonce, jobId, index }, claimOf(output, asked), answer, peer.connection.peerKey)
  const setting = { modelSha256: output.modelSha256, engine, generator: output.backend, verifier: backend }
  const isComparable = engine === output.engine && profileCovers(profile, setting)
  return judged === 'forged' || isComparable ? judged : 'refused'
}

/** What the output says where it is asked about. Short of the job's most tokens it must end as the model ends. */
function claimOf({ tokenIds, text, maxTokens }: AskedOutput, { kind, index }: Asked): Claim {
  if (kind === 'token') return { kind, token: tokenIds[index] ?? -1 }
  return { kind, text, ends: tokenIds.length < maxTokens ? ['last'] : ['none', 'last'] }
}
