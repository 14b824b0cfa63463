import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

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

/** The build for this platform; undefined where its package is not installed, or there is none. */
export async function findBuild(gpu: false | Gpu): Promise<LlamaBuild | undefined> {
  const name = packageName(gpu)
  const found = name && (await readPackage(name))
  if (!found) return undefined
  const [folder] = await readdir(found.binsDir)
  if (folder === undefined) return undefined
  const dir = join(found.binsDir, folder)
  const files = await readdir(dir)
  const llama = files.find((file) => /^(lib)?llama(\..*)?\.(so|dylib|dll)$/.test(file))
  const ggml = files.find((file) => /^(lib)?ggml(\..*)?\.(so|dylib|dll)$/.test(file))
  if (llama === undefined || ggml === undefined) return undefined
  const { buildOptions } = Metadata.parse(JSON.parse(await readFile(join(dir, '_nlcBuildMetadata.json'), 'utf8')))
  const more = await readPackage(`${name}-ext`)
  return {
    dir,
    llama: join(dir, llama),
    ggml: join(dir, ggml),
    ...(more !== undefined && { fallbackDir: join(more.binsDir, folder, 'fallback') }),
    version: found.packageVersion,
    release: buildOptions.llamaCpp.release,
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
