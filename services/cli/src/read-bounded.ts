import { open } from 'node:fs/promises'
import { CliError } from './cli-error.ts'

/** A whole file as text; one that is larger is not read, a device that never ends is not either. Errors: FILE. */
export async function readBounded(path: string, mostBytes: number): Promise<string> {
  try {
    await using file = await open(path, 'r')
    const buffer = Buffer.alloc(mostBytes + 1)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length)
      if (bytesRead === 0) return buffer.toString('utf8', 0, length)
      length += bytesRead
    }
  } catch (cause) {
    throw new CliError('FILE', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  throw new CliError('FILE', `${path} has more than ${mostBytes} bytes: it is no file of this kind`)
}
