import { CodedError } from '@camelid/errors'

export type WalletErrorCode =
  | 'BAD_MNEMONIC'
  | 'BAD_ENTROPY'
  | 'BAD_PATH'
  | 'BAD_AMOUNT'
  | 'INSUFFICIENT_FUNDS'
  | 'TOO_MANY_COINS'
  | 'TOO_LARGE'
  | 'KEY_MISSING'

export class WalletError extends CodedError<WalletErrorCode> {}
