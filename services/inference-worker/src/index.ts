export { readConfig, type WorkerConfig } from './config.ts'
export { start } from './service.ts'
