import { BusError } from './bus-error.ts'

const TOKEN = /^[A-Za-z0-9_-]{1,80}$/

/** `<network>.<node>.`, so that nodes on one server do not see each other. */
export interface Scope {
  /** Ends with a dot. */
  prefix: string
  streamName: (name: string) => string
}

export function scopeOf(network: string, node: string): Scope {
  requireToken(network)
  requireToken(node)
  return { prefix: `${network}.${node}.`, streamName: (name) => `${network}_${node}_${name}` }
}

/** A subject to publish to: tokens joined by dots, no wildcards. Throws BAD_SUBJECT. */
export function requireSubject(subject: string): string {
  for (const token of subject.split('.')) requireToken(token)
  return subject
}

/** A subject to listen to: tokens, `*` for any one token, `>` for the rest. Throws BAD_SUBJECT. */
export function requireFilter(filter: string): string {
  const tokens = filter.split('.')
  for (const [index, token] of tokens.entries()) {
    if (token === '*' || (token === '>' && index === tokens.length - 1)) continue
    requireToken(token)
  }
  return filter
}

function requireToken(token: string): void {
  if (!TOKEN.test(token))
    throw new BusError('BAD_SUBJECT', `${JSON.stringify(token.slice(0, 80))} cannot be part of a subject`)
}

/** NATS' own rule of matching, for servers that cannot filter by several subjects. */
export function subjectMatches(filter: string, subject: string): boolean {
  const wanted = filter.split('.')
  const given = subject.split('.')
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return given.length > index
    if (given[index] === undefined || (token !== '*' && token !== given[index])) return false
  }
  return wanted.length === given.length
}
