import { machineMemory } from '@camelid/runtime'

const MIB = 2 ** 20
/** Two workers, as many verifiers, the client: what holds models in the largest testnet. */
const HOLDERS = 5

/** MODEL_MEMORY_MB of each process that holds models: half of the machine or container between them, the rest for all else. */
export function modelMemoryMb(machineBytes: number = machineMemory()): number {
  return Math.max(1, Math.floor(machineBytes / 2 / HOLDERS / MIB))
}
