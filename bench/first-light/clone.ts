import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { atMost, type Figure } from '../report.ts'
import { runDemo } from './run-demo.ts'
import { REPOSITORY, scratch } from './scratch.ts'

const LIMIT_S = 240

/** The first `make demo` on a fresh clone, installation included. */
export async function benchClone(): Promise<Figure[]> {
  using directory = scratch()
  const clone = join(directory.path, 'camelid')
  execFileSync('git', ['clone', '-q', REPOSITORY, clone])
  const { CAMELID_HOME: _, ...env } = process.env
  const { code, seconds, output } = await runDemo(clone, { ...env, PORT_OFFSET: '20000' })
  if (code !== 0) throw new Error(`the first demo on a fresh clone failed:\n${output}`)
  console.log(`  ${seconds.toFixed(1)} s`)
  return [atMost('first make demo on a fresh clone', seconds, 's', LIMIT_S)]
}
