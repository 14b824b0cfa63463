export { type ClientConfig, readConfig } from './config.ts'
export { start } from './service.ts'
