import { isCoded } from '@camelid/errors'

/** What the gateway is told of a message: relay it, drop it, or drop it and charge its sender. */
export type Judgement =
  /** Good and new. A code says why this node itself does not serve it, where that is so. */
  | { readonly outcome: 'ok'; readonly code: string; readonly detail: string }
  | { readonly outcome: 'ignore'; readonly code: string; readonly detail: string }
  | { readonly outcome: 'reject'; readonly code: string; readonly detail: string; readonly score: number }

export function ok(code = '', detail = ''): Judgement {
  return { outcome: 'ok', code, detail }
}

export function ignore(code: string, detail: string): Judgement {
  return { outcome: 'ignore', code, detail }
}

/** The judgement that an error stands for: coded ones are told, blameless ones cost nothing; null for a fault of our own. */
export function judgementOf(error: unknown): Judgement | null {
  if (!isCoded(error) || error.code === 'INTERNAL') return null
  const { code, message: detail, score } = error
  return score > 0 ? { outcome: 'reject', code, detail, score } : { outcome: 'ignore', code, detail }
}
