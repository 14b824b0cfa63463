import type { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { readSecretFile } from './secret-file.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * Environment variables → a frozen configuration. An empty variable counts as unset. Any variable may instead be given as
 * `NAME_FILE`, the path of a file that holds it; one marked `.meta({secret: true})` is never shown.
 * Throws ConfigError with every mistake found, each with the variable's description as its fix.
 */
export function parseEnv<S extends z.ZodObject>(schema: S, env: Env): Readonly<z.output<S>> {
  const problems: string[] = []
  const input: Record<string, string> = {}
  for (const name of Object.keys(schema.shape)) {
    const value = env[name] === '' ? undefined : env[name]
    const file = `${name}_FILE` in schema.shape ? undefined : env[`${name}_FILE`]
    if (value !== undefined && file) problems.push(`${name}: set either ${name} or ${name}_FILE, not both`)
    else if (file) readInto(input, name, file, problems)
    else if (value !== undefined) input[name] = value
  }
  const failed = new Set(problems.map((problem) => problem.slice(0, problem.indexOf(':'))))
  const result = schema.safeParse(input)
  if (!result.success) {
    for (const issue of result.error.issues) {
      const name = String(issue.path[0] ?? 'configuration')
      if (failed.has(name)) continue
      failed.add(name)
      problems.push(describe(name, schema.shape[name], input[name], issue.message))
    }
  }
  if (!result.success || problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(result.data)
}

function readInto(input: Record<string, string>, name: string, path: string, problems: string[]): void {
  try {
    input[name] = readSecretFile(path)
  } catch (error) {
    problems.push(`${name}_FILE: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

function describe(name: string, field: unknown, value: string | undefined, reason: string): string {
  const meta = metaOf(field)
  const help = typeof meta.description === 'string' ? ` (${meta.description})` : ''
  if (value === undefined) {
    const orFile = meta.secret === true ? ` or ${name}_FILE` : ''
    return `${name}: not set; set ${name}${orFile}${help}`
  }
  const shown = meta.secret === true ? '' : `: is ${JSON.stringify(value.slice(0, 80))}`
  return `${name}${shown || ':'} ${shown ? '– ' : ''}${reason}${help}`
}

/** What `.meta()` and `.describe()` noted, looked for through `.default()` and `.optional()` too. */
function metaOf(field: unknown): Record<string, unknown> {
  let found: Record<string, unknown> = {}
  let current: unknown = field
  for (let depth = 0; depth < 8 && isZod(current); depth++) {
    found = { ...current.meta(), ...found }
    current = 'unwrap' in current && typeof current.unwrap === 'function' ? current.unwrap() : undefined
  }
  return found
}

function isZod(value: unknown): value is z.ZodType {
  return typeof value === 'object' && value !== null && 'meta' in value && typeof value.meta === 'function'
}
