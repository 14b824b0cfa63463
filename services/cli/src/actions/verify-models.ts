import { checkModelFile, findModel, loadRegistry } from '@camelid/engine'
import { isCoded } from '@camelid/errors'
import { printJson, printLine } from '../print.ts'

/** `camelid model verify`: exit code 1 where a file is missing or differs. Errors: EngineError UNKNOWN_MODEL. */
export async function verifyModels(
  name: string | undefined,
  { models: dir, json }: { models: string; json?: true },
): Promise<void> {
  const registry = loadRegistry(dir)
  const wanted = name === undefined ? registry.models : [findModel(registry, name)]
  const results: { name: string; ok: boolean; detail: string }[] = []
  for (const model of wanted) {
    try {
      const sha256 = await checkModelFile(model.file, model.sha256)
      results.push({ name: model.name, ok: true, detail: sha256 })
    } catch (error) {
      if (!isCoded(error)) throw error
      results.push({ name: model.name, ok: false, detail: error.message })
    }
  }
  if (json) printJson(results)
  else for (const { name: model, ok, detail } of results) printLine(`${model}: ${ok ? 'good' : 'BAD'}: ${detail}`)
  if (results.some(({ ok }) => !ok)) process.exitCode = 1
}
