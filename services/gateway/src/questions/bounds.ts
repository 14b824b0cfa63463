import { GatewayError } from '../gateway-error.ts'

const MAX_REQUEST_ID = 32

/** @throws GatewayError BAD_REQUEST where a request id is longer than anybody needs */
export function checkRequestId(requestId: Uint8Array): void {
  if (requestId.length > MAX_REQUEST_ID)
    throw new GatewayError('BAD_REQUEST', `a request id has at most ${MAX_REQUEST_ID} bytes`, { score: 10 })
}

/** @throws GatewayError BAD_REQUEST where `bytes` are not exactly `length` */
export function checkLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length)
    throw new GatewayError('BAD_REQUEST', `${what} has ${length} bytes, not ${bytes.length}`, { score: 10 })
}

/** @throws GatewayError BAD_REQUEST where there are more than `max` */
export function checkCount(what: string, items: readonly unknown[], max: number): void {
  if (items.length > max)
    throw new GatewayError('BAD_REQUEST', `at most ${max} ${what} at once, not ${items.length}`, { score: 10 })
}
