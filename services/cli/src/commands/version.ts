import type { Command } from 'commander'
import { jsonOption } from '../options.ts'

export function addVersionCommand(program: Command): void {
  program
    .command('version')
    .description('show the version of this program')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: true }) => {
      const { showVersion } = await import('../actions/show-version.ts')
      showVersion(json === true)
    })
}
