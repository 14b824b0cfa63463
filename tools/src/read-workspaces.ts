import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export type Layer = 'proto' | 'lib' | 'service' | 'local' | 'tools'

export interface Workspace {
  name: string
  /** Absolute. */
  folder: string
  /** From the root, with slashes. */
  path: string
  layer: Layer
  /** What its package.json lets it import. */
  declared: ReadonlySet<string>
  /** What the root's package.json adds for tests. */
  testTools: ReadonlySet<string>
}

interface Manifest {
  name?: string
  workspaces?: string[]
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** Every workspace the root's package.json names. */
export function readWorkspaces(root: string): Workspace[] {
  const rootManifest = readManifest(root)
  const testTools = new Set(Object.keys(rootManifest.devDependencies ?? {}))
  const manifests = (rootManifest.workspaces ?? []).flatMap((pattern) =>
    globSync(`${pattern}/package.json`, { cwd: root }),
  )
  return manifests.map((file) => {
    const path = dirname(file)
    const manifest = readManifest(join(root, path))
    return {
      name: manifest.name ?? path,
      folder: join(root, path),
      path,
      layer: layerOf(path),
      declared: new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })),
      testTools,
    }
  })
}

function layerOf(path: string): Layer {
  if (path === 'proto') return 'proto'
  if (path === 'tools') return 'tools'
  if (path.startsWith('deploy/')) return 'local'
  return path.startsWith('services/lib/') ? 'lib' : 'service'
}

function readManifest(folder: string): Manifest {
  // npm itself refuses a manifest of another shape.
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}
