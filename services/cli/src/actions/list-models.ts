import { loadRegistry } from '@camelid/engine'
import { printJson, printTable } from '../print.ts'

/** `camelid model list` */
export function listModels({ models: dir, json }: { models: string; json?: true }): void {
  const { models } = loadRegistry(dir)
  if (json) {
    printJson(models.map(({ profiles, ...model }) => ({ ...model, profiles: profiles.map(({ sha256 }) => sha256) })))
    return
  }
  const rows = models.map((model) => [
    model.name,
    String(model.contextSize),
    `${(model.size / 1e6).toFixed(1)} MB`,
    model.present ? 'here' : 'file missing',
    model.sha256,
  ])
  printTable(['model', 'context', 'size', 'file', 'sha256'], rows, `${dir}/models.json names no models`)
}
