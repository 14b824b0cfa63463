import { runService } from '@camelid/runtime'
import { readConfig } from './config.ts'
import { start } from './service.ts'

await runService({ name: 'gateway', readConfig, start })
