import { requireNats } from '../nats/find.ts'
import { requireNode } from '../node-version.ts'

/** Finds, and as root on Debian installs, what the tests need beside the packages. */
export async function prepare(): Promise<number> {
  requireNode()
  await requireNats((line) => process.stdout.write(`camelid: ${line}\n`))
  return 0
}
