import { join, resolve } from 'node:path'

/** The folder that holds the whole project, and what the launcher uses in it. */
export const CHECKOUT = resolve(import.meta.dirname, '../../..')
export const SERVICES_DIR = join(CHECKOUT, 'services')
export const MODELS_DIR = join(CHECKOUT, 'models')
/** The program `camelid`. */
export const CLI = join(SERVICES_DIR, 'cli/src/main.ts')
