import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Guard, startGuard } from '../process/guard.ts'

let guard: Guard | undefined

/** One guard a test process: what tests start is stopped when the process ends, however it ends. */
export function testGuard(): Guard {
  guard ??= startGuard()
  return guard
}

/** A directory that anybody may pass through, removed after the test process. */
export function scratchDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'camelid-test-'))
  chmodSync(path, 0o711)
  testGuard().removeDirectory(path)
  return path
}
