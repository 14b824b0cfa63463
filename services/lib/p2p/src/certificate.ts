import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { derBits, derInteger, derNode, derOid, derSequence, derSet, derTime, derUtf8 } from './der.ts'

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const COMMON_NAME = '2.5.4.3'

/** A TLS key and certificate, PEM. */
export interface TlsCertificate {
  readonly key: string
  readonly cert: string
}

/**
 * A self-signed X.509 certificate over a fresh P-256 key (RFC 5280, version 3 without extensions).
 * It only carries TLS: who the peer is, is proved by its node key over this connection's exporter value (protocol §8),
 * so the certificate lives as long as the process and names nobody.
 */
export function selfSignedCertificate(): TlsCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = derSequence(derOid(ECDSA_WITH_SHA256))
  const name = derSequence(derSet(derSequence(derOid(COMMON_NAME), derUtf8('camelid'))))
  // RFC 5280 §4.1.2.5: dates after 2049 are GeneralizedTime; 9999-12-31 means "no expiry". Dates before 2050 would
  // have to be UTCTime, which nobody checks here; a span without dates of its own tells nothing about the machine.
  const validity = derSequence(derNode(0x17, Buffer.from('200101000000Z', 'ascii')), derTime('99991231235959Z'))
  const tbs = derSequence(
    derNode(0xa0, derInteger(Uint8Array.of(2))),
    derInteger(randomBytes(16)),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const certificate = derSequence(tbs, algorithm, derBits(sign('sha256', tbs, privateKey)))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(certificate),
  }
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
