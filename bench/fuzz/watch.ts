import { Worker } from 'node:worker_threads'
import type { Tally } from './fuzz.ts'

/** A decoder that takes so long for one input hangs. */
const HANG_MS = 60_000
/** Megabytes of heap that all decoders together need: what allocates by what a length promises needs more. */
const HEAP_MB = 512

/** Runs the fuzzing in a thread that can be given up. @returns its tallies, or what it hung or died at */
export function watch(
  script: string,
  options: { part: string; seed: number; count: number },
): Promise<Tally[] | string> {
  // Shared with the thread that fuzzes: number of the decoder, number of its input.
  const progress = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(script, {
    workerData: { ...options, progress },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  const where = () => `decoder ${progress[0]}, input ${progress[1]} (seed ${options.seed})`
  return new Promise((resolve) => {
    let last = ''
    const timer = setInterval(() => {
      if (last === where()) end(`HANG: ${where()}`)
      last = where()
    }, HANG_MS)
    const end = (result: Tally[] | string) => {
      clearInterval(timer)
      void worker.terminate()
      resolve(result)
    }
    worker.on('message', (tallies: Tally[]) => end(tallies))
    worker.on('error', (error) => end(`${String(error)} at ${where()}`))
    worker.on('exit', (code) => end(`the thread ended with ${code} at ${where()}`))
  })
}
