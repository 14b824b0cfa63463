import { randomBytes, scryptSync } from 'node:crypto'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { z } from 'zod'
import { bytesToHex, hexToBytes, utf8 } from './bytes.ts'
import { CryptoError } from './crypto-error.ts'

const VERSION = 1
const ASSOCIATED_DATA = utf8('camelid/keystore/v1')
const KEY_BYTES = 32
const SALT_BYTES = 32
const NONCE_BYTES = 24
// A file that asked for more could eat the memory of whoever opens it: 128 · N · r bytes are needed, here 128 MiB at most.
const DEFAULT_COST = 2 ** 15
const MIN_COST = 2 ** 14
const MAX_COST = 2 ** 17
const BLOCK_SIZE = 8
const MAX_FILE_CHARACTERS = 65_536

const hexOf = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))

const fileSchema = z.strictObject({
  version: z.literal(VERSION),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    n: z
      .int()
      .min(MIN_COST)
      .max(MAX_COST)
      .refine((n) => (n & (n - 1)) === 0, 'must be a power of two'),
    r: z.literal(BLOCK_SIZE),
    p: z.literal(1),
    salt: hexOf(SALT_BYTES),
  }),
  cipher: z.strictObject({ name: z.literal('xchacha20-poly1305'), nonce: hexOf(NONCE_BYTES) }),
  ciphertext: z.string().regex(/^(?:[0-9a-f]{2}){16,}$/),
})

const secretsSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  z.string().regex(/^(?:[0-9a-f]{2}){1,1024}$/),
)

/**
 * Encrypts named secrets under a password: JSON text for a file (protocol: Keys, addresses).
 * Names are lower-case words such as "node"; a secret has 1 to 1,024 bytes. scrypt takes about 0.1 s and 32 MiB.
 * `salt` (32 bytes) and `nonce` (24 bytes) are random unless given; never give the same pair twice outside tests.
 * @throws CryptoError BAD_KEYSTORE for a bad name, secret, salt or nonce, or an empty password
 */
export function sealKeystore(inputs: {
  secrets: Readonly<Record<string, Uint8Array>>
  password: string
  salt?: Uint8Array
  nonce?: Uint8Array
}): string {
  if (inputs.password === '') throw new CryptoError('BAD_KEYSTORE', 'The keystore needs a password that is not empty.')
  const salt = inputs.salt ?? new Uint8Array(randomBytes(SALT_BYTES))
  const nonce = inputs.nonce ?? new Uint8Array(randomBytes(NONCE_BYTES))
  const named = Object.entries(inputs.secrets).map(([name, secret]) => [name, bytesToHex(secret)])
  const secrets = secretsSchema.safeParse(Object.fromEntries(named))
  if (!secrets.success || salt.length !== SALT_BYTES || nonce.length !== NONCE_BYTES) {
    throw new CryptoError(
      'BAD_KEYSTORE',
      'The keystore cannot hold this: a name, secret, salt or nonce is out of form.',
    )
  }
  const key = deriveKey(inputs.password, salt, DEFAULT_COST)
  const ciphertext = xchacha20poly1305(key, nonce, ASSOCIATED_DATA).encrypt(utf8(JSON.stringify(secrets.data)))
  const file: z.infer<typeof fileSchema> = {
    version: VERSION,
    kdf: { name: 'scrypt', n: DEFAULT_COST, r: BLOCK_SIZE, p: 1, salt: bytesToHex(salt) },
    cipher: { name: 'xchacha20-poly1305', nonce: bytesToHex(nonce) },
    ciphertext: bytesToHex(ciphertext),
  }
  const text = `${JSON.stringify(file, undefined, 2)}\n`
  if (text.length > MAX_FILE_CHARACTERS)
    throw new CryptoError('BAD_KEYSTORE', 'The keystore would be too large to open.')
  return text
}

/**
 * The named secrets of a keystore. All that the file asks for is judged before memory is taken for it.
 * @throws CryptoError BAD_KEYSTORE where the text is no keystore of this version, WRONG_PASSWORD where it does not open
 */
export function openKeystore(text: string, password: string): Record<string, Uint8Array> {
  const file = parseFile(text)
  const key = deriveKey(password, hexToBytes(file.kdf.salt), file.kdf.n)
  const plaintext = decrypt(key, hexToBytes(file.cipher.nonce), hexToBytes(file.ciphertext))
  const secrets = secretsSchema.safeParse(parseJson(Buffer.from(plaintext).toString('utf8')))
  if (!secrets.success) throw new CryptoError('BAD_KEYSTORE', 'The keystore opened, but what it holds is out of form.')
  return Object.fromEntries(Object.entries(secrets.data).map(([name, hex]) => [name, hexToBytes(hex)]))
}

function parseFile(text: string): z.infer<typeof fileSchema> {
  if (text.length > MAX_FILE_CHARACTERS) {
    throw new CryptoError('BAD_KEYSTORE', `Not a keystore: longer than ${MAX_FILE_CHARACTERS} characters.`)
  }
  const file = fileSchema.safeParse(parseJson(text))
  if (file.success) return file.data
  const where = file.error.issues[0]?.path.join('.') ?? ''
  throw new CryptoError(
    'BAD_KEYSTORE',
    `Not a keystore that this version reads${where === '' ? '' : ` (at "${where}")`}. Restore the file from your backup.`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The cause is left out: the parser's message quotes the text, which after decryption is the secrets themselves.
    throw new CryptoError('BAD_KEYSTORE', 'Not a keystore: the text is not JSON. Restore the file from your backup.')
  }
}

function decrypt(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  try {
    return xchacha20poly1305(key, nonce, ASSOCIATED_DATA).decrypt(ciphertext)
  } catch (cause) {
    throw new CryptoError(
      'WRONG_PASSWORD',
      'The keystore does not open: the password is wrong, or the file was altered.',
      {
        cause,
      },
    )
  }
}

function deriveKey(password: string, salt: Uint8Array, cost: number): Uint8Array {
  const memory = 128 * cost * BLOCK_SIZE
  return scryptSync(utf8(password), salt, KEY_BYTES, { N: cost, r: BLOCK_SIZE, p: 1, maxmem: memory + 2 ** 20 })
}
