import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('sha-ni.c', import.meta.url))
const COMPILER = process.env.CC ?? 'gcc'

export interface NativeLoop extends Disposable {
  /** Millions of hashes a second of CPU time. */
  rate(header: Uint8Array, cpuMs: number): number
}

/** The C loop, compiled for this run; or the reason why it cannot be run here. */
export function compileNativeLoop(): NativeLoop | string {
  if (!/\bsha_ni\b/.test(processorFlags())) return 'this processor has no SHA instructions (or does not say so)'
  const directory = mkdtempSync(join(tmpdir(), 'camelid-bench-'))
  const program = join(directory, 'sha-ni')
  const dispose = () => rmSync(directory, { recursive: true, force: true })
  const compiled = spawnSync(COMPILER, ['-O3', '-msha', '-msse4.1', '-o', program, SOURCE], { encoding: 'utf8' })
  if (compiled.status !== 0) {
    dispose()
    return `${COMPILER} did not compile ${SOURCE}: ${compiled.error?.message ?? compiled.stderr}`
  }
  return { rate: (header, cpuMs) => run(program, header, cpuMs), [Symbol.dispose]: dispose }
}

function run(program: string, header: Uint8Array, cpuMs: number): number {
  const nonce = 0x01020304
  const hex = Buffer.from(header).toString('hex')
  const output = execFileSync(program, [hex, String(nonce), String(cpuMs)], { encoding: 'utf8' })
  const [lastWord = 0, hashes = 0, cpuUs = 1] = output.split(' ').map(Number)
  const copy = Buffer.from(header)
  copy.writeUInt32LE(nonce, 76)
  const expected = createHash('sha256').update(createHash('sha256').update(copy).digest()).digest().readUInt32LE(28)
  if (lastWord !== expected) throw new Error(`${SOURCE} hashes wrongly: ${lastWord} for ${expected}`)
  return hashes / cpuUs
}

function processorFlags(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return ''
  }
}
