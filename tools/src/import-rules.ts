import { isBuiltin } from 'node:module'
import { resolve, sep } from 'node:path'
import type { Import } from './read-imports.ts'
import type { Layer, Workspace } from './read-workspaces.ts'

/** What a workspace of each layer may import of other workspaces. */
const MAY_IMPORT: Readonly<Record<Layer, readonly Layer[]>> = {
  proto: [],
  lib: ['lib', 'proto'],
  service: ['lib', 'proto'],
  local: ['lib', 'proto'],
  tools: ['lib'],
}

/** Rules without I/O, clock or chance (architecture: layout). */
const PURE: ReadonlySet<string> = new Set(
  ['codec', 'crypto', 'consensus', 'job', 'rastic'].map((name) => `@camelid/${name}`),
)
const PURE_BUILTINS: Readonly<Record<string, readonly string[]>> = { '@camelid/crypto': ['node:crypto'] }

/** The helpers that start real servers: for tests of any workspace. */
const TEST_HELPERS = '@camelid/local'

/** One line for each import that breaks a rule. */
export function breachesOf(workspace: Workspace, imports: readonly Import[], all: readonly Workspace[]): string[] {
  return imports.flatMap((one) => {
    const reason = breachOf(workspace, one, all)
    return reason === undefined ? [] : [`${workspace.path}/${one.file}:${one.line}: ${reason}`]
  })
}

function breachOf(
  workspace: Workspace,
  { file, specifier, test }: Import,
  all: readonly Workspace[],
): string | undefined {
  if (specifier.startsWith('.')) return leaves(workspace, file, specifier)
  if (isBuiltin(specifier)) return builtinBreach(workspace, specifier, test)
  const name = packageName(specifier)
  const target = all.find((other) => other.name === name)
  if (name === workspace.name) return undefined
  if (test && (name === TEST_HELPERS || workspace.testTools.has(name))) return undefined
  if (target && !MAY_IMPORT[workspace.layer].includes(target.layer))
    return `a ${workspace.layer} workspace may not import ${specifier}, which is of ${target.layer}`
  if (workspace.declared.has(name)) return undefined
  if (test && (target?.layer === 'lib' || target?.layer === 'proto')) return undefined
  return `imports ${name}, which ${workspace.path}/package.json does not declare`
}

function leaves(workspace: Workspace, file: string, specifier: string): string | undefined {
  const target = resolve(workspace.folder, file, '..', specifier)
  if (target.startsWith(workspace.folder + sep)) return undefined
  return `${specifier} leaves the workspace: import the package by its name`
}

function builtinBreach(workspace: Workspace, specifier: string, test: boolean): string | undefined {
  if (!specifier.startsWith('node:')) return `${specifier}: write node:${specifier}`
  if (test || !PURE.has(workspace.name)) return undefined
  if (PURE_BUILTINS[workspace.name]?.includes(specifier)) return undefined
  return `${workspace.name} is pure and may not import ${specifier}`
}

/** `@scope/name/deep` → `@scope/name`, `name/deep` → `name`. */
function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
