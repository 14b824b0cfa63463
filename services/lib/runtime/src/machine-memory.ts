import { totalmem } from 'node:os'

/** What this process may take, bytes: the machine's memory, or less in a container. */
export function machineMemory(): number {
  // Zero, or far beyond any machine, where nothing constrains it.
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}
