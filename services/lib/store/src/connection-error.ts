/** Connection lost or refused, by postgres.js's names and the system's. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  // PostgreSQL: admin shutdown, crash shutdown, cannot connect now (starting), too many connections.
  '57P01',
  '57P02',
  '57P03',
  '53300',
])

/** True when the database was not reachable, rather than refusing what it was asked: asking again may help. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false
  return CONNECTION_CODES.has(error.code) || error.code.startsWith('08')
}
