import { openEngine, type RegisteredModel, type Registry } from '@camelid/engine'
import { precisionOf } from './cheats.ts'

const quiet = { debug: () => {}, warn: () => {} }

/** What of rastic.md's table a run leaves out by what the machine and the registry have, and why. */
export async function notMeasured(sold: RegisteredModel, { models }: Registry, backend: string): Promise<string[]> {
  const best = await openEngine({ modelPath: sold.file, sequences: 1, threads: 1, gpu: 'auto', log: quiet })
  await best.dispose()
  const noGpu =
    best.backend === backend
      ? 'no GPU here that llama.cpp can use'
      : `${best.backend} is here, but this run writes and checks on ${backend}: npm run camelid -- model profile ${sold.name} measures them`
  const others = models.filter(({ name, present }) => present && precisionOf(name) === 'F32').map(({ name }) => name)
  const noF32 =
    others.length === 0
      ? 'no F32 model with its noise profile is registered here: models/README.md says how'
      : `another run, with --sold ${others[0]}`
  return [
    `CPU/GPU changes (${noGpu})`,
    ...(precisionOf(sold.name) === 'F32' ? [] : [`cheats against a model in F32 (${noF32})`]),
  ]
}
