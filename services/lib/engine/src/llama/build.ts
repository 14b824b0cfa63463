import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { EngineError } from '../errors.ts'

export type Gpu = 'cuda' | 'vulkan' | 'metal'

/** A build of llama.cpp, as a package of node-llama-cpp's brings it. */
export interface LlamaBuild {
  /** Where llama.cpp finds what computes on each kind of processor. */
  readonly dir: string
  readonly llama: string
  readonly ggml: string
  /** Where it finds more for older drivers. */
  readonly fallbackDir?: string
  /** Of that package. */
  readonly version: string
  /** llama.cpp's, such as "v0.5.0". */
  readonly release: string
}

const Metadata = z.object({ buildOptions: z.object({ llamaCpp: z.object({ release: z.string() }) }) })
const Package = z.object({
  getBinsDir: z.function({ input: [], output: z.object({ binsDir: z.string(), packageVersion: z.string() }) }),
})

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'mac', win32: 'win' }

/**
 * The build for this platform; undefined where its package is not installed, or there is none.
 *
 * @throws EngineError ENGINE_FAILED where the package is not whole
 */
export async function findBuild(gpu: false | Gpu): Promise<LlamaBuild | undefined> {
  const name = packageName(gpu)
  const found = name && (await readPackage(name))
  if (!found) return undefined
  const more = await readPackage(`${name}-ext`)
  return await readBuild(found, more?.binsDir)
}

/**
 * @param moreDir where a second package keeps more of the same build
 * @throws EngineError ENGINE_FAILED where the package is not whole
 */
export async function readBuild(
  { binsDir, packageVersion }: { readonly binsDir: string; readonly packageVersion: string },
  moreDir?: string,
): Promise<LlamaBuild> {
  try {
    const [folder = ''] = await readdir(binsDir)
    const dir = join(binsDir, folder)
    const files = await readdir(dir)
    const fileOf = (library: RegExp): string => {
      const file = files.find((name) => library.test(name))
      if (file === undefined) throw new Error(`no file ${library}`)
      return join(dir, file)
    }
    const { buildOptions } = Metadata.parse(JSON.parse(await readFile(join(dir, '_nlcBuildMetadata.json'), 'utf8')))
    return {
      dir,
      llama: fileOf(/^(lib)?llama(\..*)?\.(so|dylib|dll)$/),
      ggml: fileOf(/^(lib)?ggml(\..*)?\.(so|dylib|dll)$/),
      ...(moreDir !== undefined && { fallbackDir: join(moreDir, folder, 'fallback') }),
      version: packageVersion,
      release: buildOptions.llamaCpp.release,
    }
  } catch (cause) {
    const detail = `the build of llama.cpp in ${binsDir} is not whole: install the packages again (npm ci)`
    throw new EngineError('ENGINE_FAILED', detail, { data: { binsDir }, cause })
  }
}

function packageName(gpu: false | Gpu): string | undefined {
  const platform = PLATFORMS[process.platform]
  const name = `@node-llama-cpp/${platform}-${process.arch === 'arm' ? 'armv7l' : process.arch}`
  // Apple's processors have one build for both.
  if (name.endsWith('mac-arm64')) return gpu === false || gpu === 'metal' ? `${name}-metal` : undefined
  return gpu === false ? name : `${name}-${gpu}`
}

async function readPackage(name: string): Promise<{ binsDir: string; packageVersion: string } | undefined> {
  try {
    return Package.parse(await import(name)).getBinsDir()
  } catch {
    // An optional dependency: left out for other platforms, and wherever somebody does not want it.
    return undefined
  }
}
