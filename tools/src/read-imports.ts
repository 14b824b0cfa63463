import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Workspace } from './read-workspaces.ts'

export interface Import {
  /** From the workspace's folder. */
  file: string
  line: number
  specifier: string
  /** A `*.test.ts` file, one under test/, or a helper of tests. */
  test: boolean
}

/** Static imports, re-exports, `import()` and `require()` of a literal. */
const SPECIFIER =
  /(?:^|[\s;}])(?:import|export)\s*(?:type\s+)?(?:[\w*{}\s,$]+?\s*from\s*)?['"]([^'"\n]+)['"]|\b(?:import|require)\(\s*['"]([^'"\n]+)['"]/g

export function importsOf(workspace: Workspace): Import[] {
  const files = globSync('**/*.ts', {
    cwd: workspace.folder,
    exclude: (path) => /(^|\/)(node_modules|gen)$/.test(path),
  })
  return files.flatMap((file) => importsIn(file, readFileSync(join(workspace.folder, file), 'utf8')))
}

export function importsIn(file: string, source: string): Import[] {
  const test = /\.test\.ts$|(^|\/)test\/|(^|\/)testing(\.ts|\/)/.test(file)
  const code = withoutComments(source)
  return [...code.matchAll(SPECIFIER)].map((match) => ({
    file,
    line: code.slice(0, match.index + match[0].length).split('\n').length,
    specifier: match[1] ?? match[2] ?? '',
    test,
  }))
}

/** Comments and templates become blank, of the same length and lines; plain strings stay. */
function withoutComments(source: string): string {
  return source.replace(
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (token) => (/^['"]/.test(token) ? token : token.replace(/[^\n]/g, ' ')),
  )
}
