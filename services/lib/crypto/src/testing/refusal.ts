import { isCoded } from '@camelid/errors'
import { VectorFileError } from './vector-file-error.ts'

/**
 * The code by which the rules refuse, or undefined where they accept. Any other failure, be it a vector that cannot be read or a
 * fault of the program, is thrown on: an invalid vector must not count as refused because nobody understood it.
 */
export function refusalOf(run: () => void): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (isCoded(error) && !(error instanceof VectorFileError)) return error.code
    throw error
  }
}
