export { readConfig, type VerifierConfig } from './config.ts'
export { start } from './service.ts'
