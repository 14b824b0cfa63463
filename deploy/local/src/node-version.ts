import { LaunchError } from './launch-error.ts'

const LEAST = 24

/** Types are stripped by Node itself from this version on. Throws OLD_NODE with the way out. */
export function requireNode(version: string = process.versions.node): void {
  if (Number(version.split('.', 1)[0]) >= LEAST) return
  throw new LaunchError(
    'OLD_NODE',
    `this is Node ${version}, and the project needs ${LEAST} or newer: run npm ci once, then make testnet (or npm run), which use the Node that comes with it`,
  )
}
