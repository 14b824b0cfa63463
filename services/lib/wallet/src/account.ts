import { HDKey } from '@scure/bip32'
import { seedOf } from './mnemonic.ts'
import { WalletError } from './wallet-error.ts'
import { type WalletKey, walletKey } from './wallet-key.ts'

/** The two branches of an account (BIP44): addresses that are given to others, and those that change goes back to. */
export const Branch = { RECEIVE: 0, CHANGE: 1 } as const
export type Branch = (typeof Branch)[keyof typeof Branch]

/** Where a key stands in its account. */
export interface KeyPlace {
  readonly branch: Branch
  readonly index: number
}

const FIRST_HARDENED = 2 ** 31

/** BIP44 path: m/44'/7331'/account'/branch/index. */
export function keyPath({ branch, index }: KeyPlace, account = 0): string {
  return `m/44'/7331'/${account}'/${branch}/${index}`
}

/** The keys of one BIP44 account; each is derived once. */
export class Account {
  readonly #branches: Readonly<Record<Branch, HDKey>>
  readonly #keys = new Map<string, WalletKey>()

  private constructor(branches: Readonly<Record<Branch, HDKey>>) {
    this.#branches = branches
  }

  /** @throws WalletError BAD_MNEMONIC */
  static fromMnemonic(words: string, account = 0): Account {
    const node = HDKey.fromMasterSeed(seedOf(words)).derive(`m/44'/7331'/${account}'`)
    return new Account({ [Branch.RECEIVE]: node.deriveChild(0), [Branch.CHANGE]: node.deriveChild(1) })
  }

  /** @throws WalletError BAD_PATH */
  key(place: KeyPlace): WalletKey {
    const { branch, index } = place
    if (!Number.isInteger(index) || index < 0 || index >= FIRST_HARDENED)
      throw new WalletError('BAD_PATH', `An address has an index from 0 to 2^31 - 1, not ${index}.`)
    const path = keyPath(place)
    const known = this.#keys.get(path)
    if (known !== undefined) return known
    const { privateKey } = this.#branches[branch].deriveChild(index)
    if (privateKey === null) throw new WalletError('BAD_PATH', `There is no private key at ${path}.`)
    const key = walletKey(new Uint8Array(privateKey))
    this.#keys.set(path, key)
    return key
  }
}
