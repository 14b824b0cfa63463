import { utf8Decode } from '@camelid/crypto'
import { ConformanceError } from './conformance-error.ts'

/** @throws ConformanceError NOT_JSON, which says where it ends to be JSON */
export function parseJson(file: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Decode(file))
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new ConformanceError('NOT_JSON', `It is not JSON (${what}).`, { cause })
  }
}
