import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { printJson, printLine } from '../print.ts'

const packageFile = z.object({ version: z.string() })

/** `camelid version` */
export function showVersion(json: boolean): void {
  const { version } = packageFile.parse(
    JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
  )
  if (json) printJson({ version, node: process.version })
  else printLine(`camelid ${version} (node ${process.versions.node})`)
}
