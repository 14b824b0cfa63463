import { CodedError } from '@camelid/errors'

export type CryptoErrorCode =
  | 'BAD_HEX'
  | 'BAD_UTF8'
  | 'BAD_LENGTH'
  | 'BAD_PRIVATE_KEY'
  | 'BAD_PUBLIC_KEY'
  | 'BAD_DER'
  | 'HIGH_S'
  | 'SIGNATURE_OUT_OF_RANGE'
  | 'ECIES_FAILED'
  | 'BAD_KEYSTORE'
  | 'WRONG_PASSWORD'

export class CryptoError extends CodedError<CryptoErrorCode> {}
