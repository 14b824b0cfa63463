import { loadKoffi } from '@camelid/native'

const ADDRESS = 'uintptr_t'
const BYTES = 'const uint8_t *'
/** In the last four words of a state: the number of the first block, then the nonce. */
const NONCE_AT = 4

/** `nonce0` and `nonce1` are words of the nonce, little-endian, the third of which is zero. */
export interface StreamStart {
  /** 32 bytes */
  readonly key: Uint8Array
  readonly nonce0: number
  readonly nonce1: number
}

export type FillBytes = (into: Uint8Array, start: StreamStart) => void

/**
 * Fills bytes with ChaCha20's key stream (RFC 8439) from block 0 on, by the OpenSSL that Node holds and exports to addons: four times as
 * fast as in WebAssembly. Null where there is none to call, or none with this cipher, as where it was built for FIPS.
 *
 * node:crypto's own cipher makes a buffer for each piece, which costs more than the stream.
 */
export const fillByOpenssl: FillBytes | null = await open()

async function open(): Promise<FillBytes | null> {
  try {
    const koffi = await loadKoffi()
    const library = koffi.load(null)
    const init = library.func('EVP_EncryptInit_ex', 'int', [ADDRESS, ADDRESS, ADDRESS, BYTES, BYTES])
    const update = library.func('EVP_EncryptUpdate', 'int', [ADDRESS, 'uint8_t *', 'int *', BYTES, 'int'])
    const cipher: unknown = library.func('EVP_chacha20', ADDRESS, [])()
    const context: unknown = library.func('EVP_CIPHER_CTX_new', ADDRESS, [])()
    const written = new Int32Array(1)
    const iv = new Uint8Array(16)
    const view = new DataView(iv.buffer)
    let zeros = new Uint8Array(0)
    const fill: FillBytes = (into, { key, nonce0, nonce1 }) => {
      if (zeros.length < into.length) zeros = new Uint8Array(into.length)
      view.setUint32(NONCE_AT, nonce0, true)
      view.setUint32(NONCE_AT + 4, nonce1, true)
      const isDone = init(context, cipher, 0, key, iv) === 1 && update(context, into, written, zeros, into.length) === 1
      if (!isDone || written[0] !== into.length) throw new Error('OpenSSL failed to encrypt by ChaCha20')
    }
    return answersRight(fill) ? fill : null
  } catch {
    return null
  }
}

/** RFC 8439 §2.3.2, whose nonce ends in a zero word too; its block is the second. */
function answersRight(fill: FillBytes): boolean {
  const bytes = new Uint8Array(128)
  fill(bytes, { key: Uint8Array.from({ length: 32 }, (_, i) => i), nonce0: 0x09000000, nonce1: 0x4a000000 })
  const view = new DataView(bytes.buffer, 64)
  return view.getUint32(0, true) === 0xe4e7f110 && view.getUint32(60, true) === 0x4e3c50a2
}
