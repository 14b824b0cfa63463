import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { EngineError } from './errors.ts'

/** "GGUF", then the version as u32: the shortest thing that could be a model. */
const MAGIC = Buffer.from('GGUF', 'ascii')
const HEADER_BYTES = 24
const VERSIONS: readonly number[] = [2, 3]

/**
 * Looks at a model file before llama.cpp does: a broken file must be a named error, never a crash of the process.
 *
 * @param expectedSha256 hex; the file must have this hash where it is given
 * @returns SHA-256 of the file, hex
 * @throws EngineError MODEL_NOT_FOUND, MODEL_BROKEN, MODEL_HASH_MISMATCH
 */
export async function checkModelFile(
  path: string,
  expectedSha256: string | undefined,
  signal?: AbortSignal,
): Promise<string> {
  const header = await readHeader(path)
  const broken = (what: string): EngineError =>
    new EngineError('MODEL_BROKEN', `${path} ${what}: fetch the file again`, { data: { path } })
  if (header.length < HEADER_BYTES || !header.subarray(0, 4).equals(MAGIC)) throw broken('is not a GGUF model')
  if (!VERSIONS.includes(header.readUInt32LE(4))) throw broken(`is GGUF version ${header.readUInt32LE(4)}, not 2 or 3`)
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) }))
    hash.update(chunk)
  const sha256 = hash.digest('hex')
  if (expectedSha256 === undefined || sha256 === expectedSha256) return sha256
  const detail = `${basename(path)} has SHA-256 ${sha256}, models.json says ${expectedSha256}: fetch the file again`
  throw new EngineError('MODEL_HASH_MISMATCH', detail, { data: { path, sha256, expectedSha256 } })
}

async function readHeader(path: string): Promise<Buffer> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, 'r')
  } catch (cause) {
    const detail = `no model file at ${path}: put it there, or name the directory that has it by MODELS_DIR, or by --models DIR`
    throw new EngineError('MODEL_NOT_FOUND', detail, { data: { path }, cause })
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } catch (cause) {
    throw new EngineError('MODEL_BROKEN', `${path} cannot be read: it must be a file`, { data: { path }, cause })
  } finally {
    await file.close()
  }
}
