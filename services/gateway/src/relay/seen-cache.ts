import { LruMap } from '../lru-map.ts'
import type { Judgement } from './owner-stream.ts'

const MAX_SEEN = 50_000
/** "Not for us" may change: an answer may come before its question. */
const IGNORED_MS = 5_000

/** What was judged already, by message: each is judged once, and passed on once. */
export class SeenCache {
  readonly #entries = new LruMap<string, { judgement: Promise<Judgement>; forgetAtMs: number }>(MAX_SEEN)

  /**
   * The judgement of a message: an earlier one that still holds, or a new one. Only "ok" holds for good; what was refused
   * or could not be judged is judged again when it comes again, and its sender pays again.
   * @param asked its maker asks for our word on it, so that "not for us" is judged again at once
   */
  judge(
    key: string,
    context: { nowMs: number; asked: boolean },
    judge: () => Promise<Judgement>,
  ): { fresh: boolean; judgement: Promise<Judgement> } {
    const { nowMs, asked } = context
    const known = this.#entries.get(key)
    const holds = known !== undefined && known.forgetAtMs > nowMs && !(asked && Number.isFinite(known.forgetAtMs))
    if (holds) return { fresh: false, judgement: known.judgement }
    const entry = { judgement: judge(), forgetAtMs: Number.POSITIVE_INFINITY }
    this.#entries.set(key, entry)
    void entry.judgement.then(({ outcome }) => {
      if (outcome === 'ignore') entry.forgetAtMs = nowMs + IGNORED_MS
      else if (outcome !== 'ok') entry.forgetAtMs = 0
    })
    return { fresh: true, judgement: entry.judgement }
  }

  /** Marks a message of our own: when it comes back it is old news. */
  addOwn(key: string): void {
    const judgement = Promise.resolve({ outcome: 'ok', score: 0, code: '', detail: '', wanted: [] } as const)
    this.#entries.set(key, { judgement, forgetAtMs: Number.POSITIVE_INFINITY })
  }
}
