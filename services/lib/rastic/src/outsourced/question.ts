import { ByteWriter } from '@camelid/codec'
import { concatBytes, sha256, utf8 } from '@camelid/crypto'

/** Random bytes of the client, new for each question to each neighbour: an answer copied from another one is worth nothing. */
export const CHECK_NONCE_BYTES = 32
/** F's choice and its near-ties that one answer may list; more of them would make guessing pay. */
export const MAX_CHOICES = 4

const TOKEN_DOMAIN = utf8('camelid/check/token/v1')
const TEXT_DOMAIN = utf8('camelid/check/text/v1')

/**
 * What a neighbour is asked: 'token', F's choice after `index` output tokens, which go with the question, and never the next
 * one; or 'text', what all `index` output tokens spell and where they end, asked when no token is left to ask for.
 * The input is the job's: A tokens, which the client cannot count, so that X + 1 of R is A + index.
 */
export interface Question {
  readonly kind: 'token' | 'text'
  readonly nonce: Uint8Array
  readonly jobId: Uint8Array
  readonly index: number
}

/** Whether an end-of-generation token is among the output's, and where. */
export type EndOfOutput = 'none' | 'last' | 'earlier'
const END_CODES: Readonly<Record<EndOfOutput, number>> = { none: 0, last: 1, earlier: 2 }

/** What a verifier computed: F's choice first, then the near-ties; or the text. */
export type Finding =
  | { readonly kind: 'token'; readonly choices: readonly number[] }
  | { readonly kind: 'text'; readonly text: Uint8Array; readonly end: EndOfOutput }

/** The hashes that answer a question; a finding of the other kind answers nothing. */
export function hashFinding(question: Question, finding: Finding): Uint8Array[] {
  if (finding.kind !== question.kind) return []
  return finding.kind === 'text'
    ? [hashText(question, finding.text, finding.end)]
    : finding.choices.slice(0, MAX_CHOICES).map((token) => hashToken(question, token))
}

/** SHA-256(domain ‖ nonce ‖ jobId ‖ X ‖ token) (rastic: Outsourced check). */
export function hashToken({ nonce, jobId, index }: Question, token: number): Uint8Array {
  return sha256(concatBytes(TOKEN_DOMAIN, nonce, jobId, new ByteWriter().u32(index).u32(token).finish()))
}

/** SHA-256(domain ‖ nonce ‖ jobId ‖ tokens ‖ end u8 ‖ text). */
export function hashText({ nonce, jobId, index }: Question, text: Uint8Array, end: EndOfOutput): Uint8Array {
  const counts = new ByteWriter().u32(index).u8(END_CODES[end]).finish()
  return sha256(concatBytes(TEXT_DOMAIN, nonce, jobId, counts, text))
}
