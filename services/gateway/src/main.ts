import { setFlagsFromString } from 'node:v8'
import { runService } from '@camelid/runtime'
import { readConfig } from './config.ts'
import { start } from './service.ts'

// Of what a gateway holds little lasts: collected sooner, it holds half as much.
setFlagsFromString('--heap-growing-percent=25')

await runService({ name: 'gateway', readConfig, start })
