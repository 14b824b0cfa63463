import { loadKoffi, toAddress } from '@camelid/native'
import { EngineError } from '../errors.ts'
import { findBuild, type Gpu, type LlamaBuild } from './build.ts'
import { type Address, ggmlFunctions, type LlamaFunctions, llamaFunctions } from './functions.ts'
import { type LogLine, NativeLog } from './native-log.ts'
import { areKnownDefaults, declareStructs, KNOWN_RELEASE } from './structs.ts'

/** llama.cpp, ready to load models. */
export interface Llama {
  readonly functions: LlamaFunctions
  readonly gpu: false | Gpu
  /** With versions, as commitments state it and noise profiles name it. */
  readonly name: string
  /** Models and contexts are made one at a time: llama.cpp has one place to say what it does. */
  readonly inTurn: <T>(make: () => T | Promise<T>) => Promise<T>
  /** Runs what stays in this thread, and gives what llama.cpp says meanwhile. Only in turn. */
  readonly hear: (run: () => void) => LogLine[]
  /** Memory that llama.cpp owns, for as long as it does. */
  readonly view: (address: Address, bytes: number) => ArrayBuffer
}

/** ggml_backend_dev_type: a card, and one that shares the processor's memory. */
const GPU_TYPES: readonly number[] = [1, 2]
/** The order in which "auto" tries them. */
const KINDS: readonly Gpu[] = ['metal', 'cuda', 'vulkan']

/** Of all kinds: they share what ggml says. */
let last: Promise<unknown> = Promise.resolve()

const loaded = new Map<false | Gpu, Promise<Llama>>()

/**
 * Loads llama.cpp for the CPU or a kind of GPU. Once in a process: what it registers then stays.
 *
 * @throws EngineError GPU_NOT_USABLE, ENGINE_FAILED
 */
export async function loadLlama(gpu: false | 'auto' | Gpu): Promise<Llama> {
  if (gpu !== 'auto') return await loadKind(gpu)
  for (const kind of KINDS) {
    try {
      return await loadKind(kind)
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'GPU_NOT_USABLE') throw error
    }
  }
  return await loadKind(false)
}

function loadKind(gpu: false | Gpu): Promise<Llama> {
  const known = loaded.get(gpu) ?? load(gpu)
  loaded.set(gpu, known)
  return known
}

async function load(gpu: false | Gpu): Promise<Llama> {
  const build = await findBuild(gpu)
  if (build === undefined) {
    if (gpu !== false) throw gpuNotUsable(gpu, 'no package of node-llama-cpp for it is installed')
    const detail = `node-llama-cpp has no build of llama.cpp that runs here (${process.platform} ${process.arch}): install its optional packages`
    throw new EngineError('ENGINE_FAILED', detail)
  }
  if (build.release !== KNOWN_RELEASE) {
    const { release } = build
    const detail = `the llama.cpp installed is ${release}, but the engine knows ${KNOWN_RELEASE}: on Linux install what package-lock.json names; for ${process.platform} ${process.arch} it may have none of ${KNOWN_RELEASE} yet`
    throw new EngineError('ENGINE_FAILED', detail, { data: { release } })
  }
  try {
    return await open(build, gpu)
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    if (gpu !== false) throw gpuNotUsable(gpu, 'its build of llama.cpp does not load', cause)
    throw new EngineError('ENGINE_FAILED', 'llama.cpp cannot be started here', { cause })
  }
}

async function open(build: LlamaBuild, gpu: false | Gpu): Promise<Llama> {
  const koffi = await loadKoffi()
  const ggml = ggmlFunctions(koffi.load(build.ggml))
  const library = koffi.load(build.llama)
  const functions = llamaFunctions(library, declareStructs(koffi))
  if (!areKnownDefaults(functions.llama_model_default_params(), functions.llama_context_default_params())) {
    throw new EngineError('ENGINE_FAILED', `this build of llama.cpp ${build.release} lays out its settings otherwise`)
  }
  const log = new NativeLog()
  const callback = koffi.proto('void', ['int32_t', 'const char *', 'uintptr_t'])
  const loud = koffi.register((level: number, text: string) => log.write(level, text), koffi.pointer(callback))
  // Of a thread each line would wait for this one, which at the end of the process waits for the thread. So a function takes them
  // that does nothing, whatever it is called with.
  const silent = toAddress(koffi.address(library.symbol('llama_max_devices')))
  const hear = (run: () => void): LogLine[] => {
    log.take()
    functions.llama_log_set(loud, 0)
    try {
      run()
    } finally {
      functions.llama_log_set(silent, 0)
    }
    return log.take()
  }
  functions.llama_log_set(silent, 0)
  ggml.ggml_backend_load_all_from_path(build.dir)
  // A build may load where there is no card for it, and compute on the CPU under another name.
  const hasGpu = (): boolean =>
    Array.from({ length: ggml.ggml_backend_dev_count() }, (_, index) => ggml.ggml_backend_dev_get(index)).some(
      (device) => GPU_TYPES.includes(ggml.ggml_backend_dev_type(device)),
    )
  if (gpu !== false && !hasGpu() && build.fallbackDir !== undefined) {
    ggml.ggml_backend_load_all_from_path(build.fallbackDir)
  }
  if (gpu !== false && !hasGpu()) throw gpuNotUsable(gpu, 'llama.cpp finds nothing to compute on by it')
  functions.llama_backend_init()
  const name = `node-llama-cpp ${build.version} / llama.cpp ${build.release}`
  return { functions, gpu, name, inTurn, hear, view: (address, bytes) => koffi.view(BigInt(address), bytes) }
}

function inTurn<T>(make: () => T | Promise<T>): Promise<T> {
  const made = last.then(make)
  last = made.catch(() => {})
  return made
}

function gpuNotUsable(gpu: Gpu, why: string, cause?: unknown): EngineError {
  const detail = `${gpu} cannot be used here, ${why}: install the card's driver and its package, or leave the GPU off`
  return new EngineError('GPU_NOT_USABLE', detail, { data: { gpu }, cause })
}
