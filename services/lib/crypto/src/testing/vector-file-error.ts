import { CodedError } from '@camelid/errors'

/** A vector file, or one of its rows, that is not of its kind's format: the fault of the file, never of the rules it tests. */
export class VectorFileError extends CodedError<'BAD_FILE'> {}
