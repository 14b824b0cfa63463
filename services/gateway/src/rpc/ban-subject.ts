import { isIP } from 'node:net'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { GatewayError } from '../gateway-error.ts'
import { hostSubject, isLoopback, keySubject } from '../peers/address-rules.ts'

/** Whom a request of the operator means: a node key by its h2, or an IP address. */
export type Who =
  | { readonly case: 'h2'; readonly value: Uint8Array }
  | { readonly case: 'host'; readonly value: string }
  | { readonly case: undefined; readonly value?: undefined }

/**
 * The subject under which bans of somebody are kept.
 * @throws GatewayError BAD_REQUEST
 */
export function banSubject(who: Who): string {
  if (who.case === 'h2') {
    if (who.value.length !== 20) throw new GatewayError('BAD_REQUEST', 'the h2 of a node key has 20 bytes')
    return keySubject(bytesToHex(who.value))
  }
  if (who.case === undefined) throw new GatewayError('BAD_REQUEST', 'name a node key or a host')
  if (isIP(who.value) === 0)
    throw new GatewayError('BAD_REQUEST', `"${who.value.slice(0, 64)}" is no IP address: hosts are banned by address`)
  if (isLoopback(who.value))
    throw new GatewayError(
      'BAD_REQUEST',
      `${who.value} is shared by everybody on this machine: ban the node key instead`,
    )
  return hostSubject(who.value)
}

/** Whom a subject means. */
export function whoOf(subject: string): Exclude<Who, { case: undefined }> {
  const value = subject.slice(subject.indexOf(':') + 1)
  return subject.startsWith('key:') ? { case: 'h2', value: hexToBytes(value) } : { case: 'host', value }
}
