import type { Command } from 'commander'
import { group, jsonOption, modelsOption } from '../options.ts'

export function addModelCommands(program: Command): void {
  const model = group(program, 'model', 'models of this machine')
  model
    .command('list')
    .description('show the models that models.json names')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (options: { models: string; json?: true }) => {
      const { listModels } = await import('../actions/list-models.ts')
      listModels(options)
    })
  model
    .command('verify')
    .description('compare the model files with the hashes in models.json')
    .argument('[name]', 'one model; all where left out')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (name: string | undefined, options: { models: string; json?: true }) => {
      const { verifyModels } = await import('../actions/verify-models.ts')
      await verifyModels(name, options)
    })
}
