import { ECDSA_BACKENDS, verifyBy } from '@camelid/crypto/testing/ecdsa-backends'
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
    const here = `${process.platform}-${process.arch}`
    throw new ConformanceError('BACKEND_MISSING', `The backend ${name} has no build for ${here}: leave --backend out.`)
  }
  return verifyBy(backend)
}
