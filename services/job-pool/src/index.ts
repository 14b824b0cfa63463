export { type Config, readConfig } from './config.ts'
export { start } from './service.ts'
