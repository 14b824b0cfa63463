import type { FastifyInstance } from 'fastify'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i

/**
 * Keeps web pages away from a wallet on loopback: a page of another origin names itself in `Origin`, and one that had its
 * own name point at 127.0.0.1 names itself in `Host`. Programs such as curl send neither.
 */
export function guardOrigin(http: FastifyInstance, { allowRemote }: { allowRemote: boolean }): void {
  http.addHook('onRequest', async (request, reply) => {
    const { origin, host } = request.headers
    const isForeign = origin !== undefined && !isLoopbackOrigin(origin)
    const isRebound = !allowRemote && host !== undefined && !LOOPBACK.test(host)
    if (!isForeign && !isRebound) return undefined
    const message = isForeign
      ? `web pages of ${origin.slice(0, 100)} may not use this wallet`
      : 'this API answers on loopback only: call it by 127.0.0.1, or set ALLOW_REMOTE_HTTP=yes'
    return await reply.status(403).send({ error: { code: 'FOREIGN_ORIGIN', message } })
  })
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK.test(new URL(origin).host)
}
