import { readFileSync } from 'node:fs'

const MAX_SECRET_BYTES = 64 * 1024

/** First-to-last bytes of a small text file without its final newline. Throws with the path and the reason. */
export function readSecretFile(path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw new Error(`cannot read ${path} (${reason})`, { cause })
  }
  if (text.length > MAX_SECRET_BYTES) throw new Error(`${path} is larger than ${MAX_SECRET_BYTES} bytes`)
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw new Error(`${path} is empty`)
  return secret
}
