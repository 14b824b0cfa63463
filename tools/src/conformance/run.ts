import { Tally } from '@camelid/crypto/testing/tally'
import { isCoded } from '@camelid/errors'
import type { ConformanceRun } from './arguments.ts'
import { readVectorFile } from './read-file.ts'

/** Failed rows of one file that are shown; all are counted. */
const SHOWN_FAILURES = 20

/**
 * Judges every file, prints what became of its rows, and last the sums. Whether all went well: every file was there, something of
 * each passed, and nothing failed.
 */
export function runConformance(run: ConformanceRun, print: (line: string) => void): boolean {
  const sums = { passed: 0, failed: 0, skipped: 0 }
  let well = true
  for (const file of run.files) {
    const tally = judgeFile(file, run, print)
    well &&= tally !== undefined && tally.passed > 0 && tally.failures.length === 0
    if (tally === undefined) continue
    sums.passed += tally.passed
    sums.failed += tally.failures.length
    sums.skipped += tally.skips
  }
  print(`${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`)
  return well
}

/** What became of a file's rows, which is printed. Undefined where it is not there; a file that nothing can be made of is one failure. */
function judgeFile(name: string, { kind, verify }: ConformanceRun, print: (line: string) => void): Tally | undefined {
  try {
    const file = readVectorFile(name)
    if (file === undefined) {
      print(`${name}: NOT RUN: there is no such file; it should be ${kind.about}`)
      return undefined
    }
    const tally = kind.judge(file, verify)
    report(name, tally, print)
    return tally
  } catch (error) {
    if (!isCoded(error)) throw error
    print(`${name}: FAILED ${error.code}: ${error.message}\n  It should be ${kind.about}, as its origin publishes it.`)
    const tally = new Tally()
    tally.row(name, () => {
      throw error
    })
    return tally
  }
}

function report(name: string, tally: Tally, print: (line: string) => void): void {
  const { rows, passed, failures, skips, skipped } = tally
  print(`${name}: ${rows} rows, ${passed} passed, ${failures.length} failed, ${skips} skipped`)
  for (const [reason, count] of skipped) print(`  skipped ${count}: ${reason}`)
  for (const failure of failures.slice(0, SHOWN_FAILURES)) print(`  FAILED ${failure}`)
  if (failures.length > SHOWN_FAILURES) print(`  and ${failures.length - SHOWN_FAILURES} more that failed`)
  if (passed === 0) print('  NOTHING PASSED: a run without a row that passes proves nothing')
}
