/**
 * Holds the direction of imports (architecture: services → lib → proto): each workspace imports only what its package.json
 * declares, no service imports another, and the pure libraries touch no I/O. Prints each breach and exits 1.
 */
import { resolve } from 'node:path'
import { breachesOf } from './import-rules.ts'
import { importsOf } from './read-imports.ts'
import { readWorkspaces } from './read-workspaces.ts'

const root = resolve(import.meta.dirname, '../..')
const workspaces = readWorkspaces(root)
const breaches = workspaces.flatMap((workspace) => breachesOf(workspace, importsOf(workspace), workspaces))

for (const breach of breaches) process.stdout.write(`${breach}\n`)
process.stdout.write(`${workspaces.length} workspaces, ${breaches.length} breaches of the direction of imports\n`)
process.exitCode = breaches.length === 0 ? 0 : 1
