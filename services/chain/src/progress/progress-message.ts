import type { Progress } from './report.ts'

/** Progress as the wire has it. */
export function progressMessage({ stage, done, total = 0 }: Progress) {
  return { case: 'progress' as const, value: { stage, done: BigInt(done), total: BigInt(total) } }
}
