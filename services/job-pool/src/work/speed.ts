import { bytesToHex } from '@camelid/crypto'

/** Weight of the newest job in the running average. */
const WEIGHT = 0.3
/** What a job takes beside its tokens: rank, queue, prefill, self-check, signing; milliseconds. */
const BASE_MS = 600

/** How long a model's tokens take here, learned from the jobs done; nothing is assumed of a model before its first job. */
export class Speed {
  readonly #msPerToken = new Map<string, number>()

  /** `generateUs`: microseconds that `tokens` took. */
  learn(modelSha256: Uint8Array, tokens: number, generateUs: bigint): void {
    if (tokens < 1) return
    const model = bytesToHex(modelSha256)
    const now = Number(generateUs) / 1000 / tokens
    const before = this.#msPerToken.get(model)
    this.#msPerToken.set(model, before === undefined ? now : before + WEIGHT * (now - before))
  }

  /** Milliseconds that a job of so many tokens needs until its commitment can be sent. */
  estimateMs(modelSha256: Uint8Array, maxTokens: number): number {
    return BASE_MS + maxTokens * (this.#msPerToken.get(bytesToHex(modelSha256)) ?? 0)
  }
}
