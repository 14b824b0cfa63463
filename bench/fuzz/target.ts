import { equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'

/** A decoder under fire. */
export interface Target {
  readonly name: string
  /** Good inputs, to be changed. */
  readonly samples: readonly [Uint8Array, ...Uint8Array[]]
  /** Only every so many-th input is tried: for decoders that take long. */
  readonly every: number
  /** Whether the input is taken. Throws what is no CodedError, or an Error where it is read as something that is written otherwise. */
  readonly takes: (bytes: Uint8Array) => boolean
}

export interface Codec<T> {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  readonly decode: (bytes: Uint8Array) => T
  /** Missing where one value may be written in several ways. */
  readonly encode?: (value: T) => Uint8Array
  readonly every?: number
}

/** What a decoder reads is written again as the very same bytes; all else it refuses by name. */
export function target<T>({ name, samples, decode, encode, every = 1 }: Codec<T>): Target {
  const [first, ...others] = samples
  if (first === undefined) throw new Error(`${name} has no sample`)
  const takes = (bytes: Uint8Array): boolean => {
    const before = bytes.slice()
    let value: T
    try {
      value = decode(bytes)
    } catch (error) {
      if (isCoded(error)) return false
      throw error
    }
    if (encode !== undefined && !equalBytes(encode(value), before)) throw new Error('it is written again otherwise')
    if (!equalBytes(bytes, before)) throw new Error('what was read has been changed')
    return true
  }
  if (!samples.some(takes)) throw new Error(`${name} takes none of its samples`)
  return { name, samples: [first, ...others], every, takes }
}

/** Texts are fed as bytes, each a character of its own. */
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
export const bytesOfText = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
