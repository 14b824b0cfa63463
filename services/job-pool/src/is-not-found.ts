import { isCoded } from '@camelid/errors'

/** The chain knows nothing of what was asked for: OUTPUT_NOT_FOUND and its like. */
export function isNotFound(error: unknown): boolean {
  return isCoded(error) && error.code.endsWith('NOT_FOUND')
}
