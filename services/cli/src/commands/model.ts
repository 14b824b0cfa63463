import type { Command } from 'commander'
import type { ProfileOptions } from '../actions/profile-model.ts'
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
  model
    .command('profile')
    .description('measure how far apart honest runs of a model are here, and enter its noise profile into models.json')
    .argument('<name>', 'a model by its name in models.json')
    .addOption(modelsOption())
    .option('--tau <logits>', 'margins up to this are near-ties, in logit units', '0.05')
    .option('--tail-scale <logits>', 'honest margins fall by a factor e with each so many logit units beyond', '0.02')
    .option('--repeat <n>', 'rounds over all prompts, each with other noise: more give a tighter bound', '1')
    .option(
      '--prompts <n>',
      'take only the first so many prompts: quick, and mostly too few for a profile that jobs name',
    )
    .option('--threads <n>', 'CPU threads of the regime with more than one; 1 leaves it out', '2')
    .option('--gpu <kind>', 'measure a GPU too: auto (where there is one), cuda, vulkan, metal, or off', 'auto')
    .option('--out <file>', 'write the profile, or what kept it from being one, to a new file and enter it nowhere')
    .option('--replace', 'measure anew where there is a profile; the old one stays for jobs that name it')
    .addOption(jsonOption())
    .action(async (name: string, options: ProfileOptions) => {
      const { profileModel } = await import('../actions/profile-model.ts')
      await profileModel(name, options)
    })
}
