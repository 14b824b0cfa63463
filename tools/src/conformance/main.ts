/** npm run -s conformance -- KIND FILE...: judges our rules by the public test vectors of other projects, in their own formats. */
import { isCoded } from '@camelid/errors'
import { parseArguments } from './arguments.ts'
import { runConformance } from './run.ts'
import { USAGE } from './usage.ts'

try {
  const passed = runConformance(parseArguments(process.argv.slice(2)), (line) => process.stdout.write(`${line}\n`))
  process.exitCode = passed ? 0 : 1
} catch (error) {
  if (!isCoded(error)) throw error
  process.stderr.write(`${error.code}: ${error.message}\n\n${USAGE}\n`)
  process.exitCode = 1
}
