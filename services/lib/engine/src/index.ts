export { EngineError, type EngineErrorCode } from './errors.ts'
export { checkModelFile } from './model-file.ts'
export { type EngineLog, type EngineOptions, openEngine } from './open-engine.ts'
export {
  findModel,
  findProfile,
  loadRegistry,
  type RegisteredModel,
  type RegisteredProfile,
  type Registry,
} from './registry.ts'
