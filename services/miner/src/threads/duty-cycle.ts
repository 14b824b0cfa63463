import { setImmediate, setTimeout } from 'node:timers/promises'

/** Work of one slice in milliseconds of processor time: short, so that blocks are found smoothly over the second. */
const SLICE_MS = 6

/** How long to rest in milliseconds after a slice that used `cpuMs` of the processor within `wallMs`. */
export function restMs(duty: number, cpuMs: number, wallMs: number): number {
  // Time in which the system ran something else already was rest.
  return Math.max(0, cpuMs / duty - wallMs)
}

/** Runs `work` in slices for ever, resting so that it uses `duty` of one core. `work` returns when its slice is over. */
export async function runDutyCycle(duty: number, work: (sliceOver: () => boolean) => void): Promise<never> {
  for (;;) {
    const cpu = process.threadCpuUsage()
    const wall = performance.now()
    work(() => performance.now() - wall >= SLICE_MS)
    const used = process.threadCpuUsage(cpu)
    const rest = restMs(duty, (used.user + used.system) / 1000, performance.now() - wall)
    if (rest >= 1) await setTimeout(rest)
    else await setImmediate()
  }
}
