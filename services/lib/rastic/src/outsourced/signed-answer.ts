import { ByteWriter } from '@camelid/codec'
import { equalBytes, SIGNATURE_BYTES, statementHash, verify } from '@camelid/crypto'
import { CHECK_NONCE_BYTES, type EndOfOutput, hashText, hashToken, MAX_CHOICES, type Question } from './question.ts'

/** What comes back from a neighbour: hashes only, and who computed them. */
export interface CheckAnswer {
  readonly hashes: readonly Uint8Array[]
  readonly engine: string
  readonly backend: string
  /** By the neighbour's node key. */
  readonly signature: Uint8Array
}

/** What the output says where a question was asked. */
export type Claim =
  | { readonly kind: 'token'; readonly token: number }
  | { readonly kind: 'text'; readonly text: Uint8Array; readonly ends: readonly EndOfOutput[] }

/** How an answer stands to the claim; 'near-tie' agrees, too. 'forged': not signed by the neighbour, or not of the form asked for. */
export type AnswerKind = 'agree' | 'near-tie' | 'disagree' | 'forged'

const KIND_CODES = { token: 0, text: 1 } as const

/** `camelid/check/v1`: nonce · jobId · kind u8 · index u32 · engine text · backend text · count u8 · hashes 32 each. */
function answerHash(question: Question, { hashes, engine, backend }: Omit<CheckAnswer, 'signature'>): Uint8Array {
  const writer = new ByteWriter()
    .fixed(question.nonce, CHECK_NONCE_BYTES)
    .fixed(question.jobId, 32)
    .u8(KIND_CODES[question.kind])
    .u32(question.index)
    .text(engine)
    .text(backend)
    .u8(hashes.length)
  for (const hash of hashes) writer.fixed(hash, 32)
  return statementHash('camelid/check/v1', writer.finish())
}

/** Signs what a neighbour found, with its node key. */
export function signAnswer(
  question: Question,
  found: Omit<CheckAnswer, 'signature'>,
  sign: (digest: Uint8Array) => Uint8Array,
): CheckAnswer {
  return { ...found, signature: sign(answerHash(question, found)) }
}

/** Judges one answer; never throws, since whatever a neighbour sends is an answer of some kind. */
export function judgeAnswer(question: Question, claim: Claim, answer: CheckAnswer, nodeKey: Uint8Array): AnswerKind {
  if (!isWellFormed(answer)) return 'forged'
  if (!verify(answer.signature, answerHash(question, answer), nodeKey)) return 'forged'
  if (claim.kind === 'token') {
    const claimed = hashToken(question, claim.token)
    const at = answer.hashes.findIndex((hash) => equalBytes(hash, claimed))
    if (at < 0) return 'disagree'
    return at === 0 ? 'agree' : 'near-tie'
  }
  const [told] = answer.hashes
  const fits = claim.ends.some((end) => told !== undefined && equalBytes(told, hashText(question, claim.text, end)))
  return fits ? 'agree' : 'disagree'
}

function isWellFormed({ hashes, engine, backend, signature }: CheckAnswer): boolean {
  return (
    hashes.length >= 1 &&
    hashes.length <= MAX_CHOICES &&
    hashes.every(({ length }) => length === 32) &&
    signature.length === SIGNATURE_BYTES &&
    [engine, backend].every((name) => name.length <= 128 && name.isWellFormed())
  )
}
