import type { Llama } from 'node-llama-cpp'
import { EngineError } from './errors.ts'
import type { EngineOptions } from './open-engine.ts'

/** The library's native part, for the CPU or a kind of GPU. @throws EngineError GPU_NOT_USABLE, ENGINE_FAILED */
export async function startLlama(
  library: typeof import('node-llama-cpp'),
  { gpu = false, threads, log }: Pick<EngineOptions, 'gpu' | 'threads' | 'log'>,
): Promise<Llama> {
  const options = { gpu, build: 'never', skipDownload: true, progressLogs: false, maxThreads: threads } as const
  const llama = await library
    .getLlama({
      ...options,
      logLevel: library.LlamaLogLevel.warn,
      logger: (level, message) => log.debug({ level }, message.trimEnd()),
    })
    .catch((cause: unknown) => {
      if (!(cause instanceof library.NoBinaryFoundError))
        throw new EngineError('ENGINE_FAILED', 'llama.cpp cannot be started here', { cause })
      if (gpu !== false) throw gpuNotUsable(gpu, cause)
      const detail = `node-llama-cpp has no build of llama.cpp that runs here (${process.platform} ${process.arch}): install its optional packages`
      throw new EngineError('ENGINE_FAILED', detail, { cause })
    })
  // A build may load where there is no card for it, and compute on the CPU under another name.
  if (gpu === false || gpu === 'auto' || (await llama.getGpuDeviceNames()).length > 0) return llama
  await llama.dispose()
  throw gpuNotUsable(gpu)
}

function gpuNotUsable(gpu: string, cause?: unknown): EngineError {
  const detail = `llama.cpp finds nothing to compute on by ${gpu} here: install the card's driver, or leave the GPU off`
  return new EngineError('GPU_NOT_USABLE', detail, { data: { gpu }, cause })
}
