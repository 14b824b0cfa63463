import { ECDSA_BACKENDS, verifyBy, whyMissing } from '@camelid/crypto/testing/ecdsa-backends'
import type { Verify } from '@camelid/crypto/testing/wycheproof'
import { ConformanceError } from './conformance-error.ts'

export const BACKENDS = Object.keys(ECDSA_BACKENDS)

/** The verifier of the named library. @throws ConformanceError UNKNOWN_BACKEND, BACKEND_MISSING */
export function backendVerify(name: string): Verify {
  if (!BACKENDS.includes(name)) {
    throw new ConformanceError('UNKNOWN_BACKEND', `There is no backend "${name}": take one of ${BACKENDS.join(', ')}.`)
  }
  const backend = new Map(Object.entries(ECDSA_BACKENDS)).get(name)
  if (backend === undefined) {
    throw new ConformanceError('BACKEND_MISSING', `No backend ${name}: ${whyMissing(name)}. Leave --backend out.`)
  }
  return verifyBy(backend)
}
