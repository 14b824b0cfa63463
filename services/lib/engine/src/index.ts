export { type EngineEnv, engineEnv } from './engine-env.ts'
export { EngineError, type EngineErrorCode } from './errors.ts'
export { type MeasuredProfile, type MeasureOptions, measureProfile } from './measure/measure-profile.ts'
export { checkModelFile } from './model-file.ts'
export { ModelMemory } from './model-memory.ts'
export { type EngineLog, type EngineOptions, openEngine } from './open-engine.ts'
export { ModelOpener } from './open-models.ts'
export {
  findModel,
  findProfile,
  loadRegistry,
  type RegisteredModel,
  type RegisteredProfile,
  type Registry,
} from './registry.ts'
