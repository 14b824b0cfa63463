import type { Sql, TransactionSql } from './sql.ts'

/** Failures after which postgres.js closes the connection of a transaction, or has closed it. */
const LOST: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
])
/** Should the connection not close after all, the transaction fails in the usual way. */
const CLOSES_WITHIN_MS = 5_000

type Body = (sql: TransactionSql) => unknown

/**
 * Makes transactions of postgres.js (3.4) survive the loss of their connection. It fails them at once then, yet what they do in the
 * background goes on: statements, its own ROLLBACK and COMMIT too, are written to a socket that is gone, and that failure, which nobody
 * can catch, would end the process. Here nothing is sent any more once the connection is lost.
 */
export function withSafeBegin(sql: Sql): Sql {
  const begin: (options: string, body: Body) => Promise<unknown> = sql.begin.bind(sql)
  const safe = (...args: [Body] | [string, Body]): Promise<unknown> => {
    const [options, body] = args.length === 1 ? ['', args[0]] : args
    let isOver = false
    const result = begin(options, async (transaction: TransactionSql) => {
      try {
        const value = await body(guarded(transaction, () => isOver))
        return isOver ? await never() : value
      } catch (error) {
        if (isOver) return await never()
        if (isLost(error)) await waitFor(CLOSES_WITHIN_MS, () => isOver)
        if (isOver) return await never()
        throw error
      }
    })
    result.then(undefined, () => {
      isOver = true
    })
    return result
  }
  // The same two forms as the method it stands for; what the body gives passes through unchanged.
  sql.begin = safe as Sql['begin']
  return sql
}

/** The same transaction, refusing by name once it is over. */
function guarded(transaction: TransactionSql, isOver: () => boolean): TransactionSql {
  const refuse = () => {
    if (isOver())
      throw Object.assign(new Error('the connection of this transaction is lost'), { code: 'CONNECTION_CLOSED' })
  }
  return new Proxy(transaction, {
    apply(target, self, args) {
      refuse()
      return Reflect.apply(target, self, args)
    },
    get(target, name) {
      if (name === 'unsafe' || name === 'savepoint') refuse()
      return Reflect.get(target, name)
    },
  })
}

function isLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && LOST.has(error.code)
}

/** The transaction has failed already: what its body came to is nobody's business, and nothing more may be sent for it. */
const never = (): Promise<never> => new Promise(() => undefined)

async function waitFor(ms: number, isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + ms; !isSo() && performance.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 10))
}
