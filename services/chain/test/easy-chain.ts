import { easyParams } from '@camelid/consensus/testing/easy-params'
import { runService } from '@camelid/runtime'
import { readConfig } from '../src/config.ts'
import { start } from '../src/service.ts'

// The chain service as it is, on a network where the work of a header takes two hashes: tests need them by the hundred thousand.
await runService({
  name: 'chain',
  readConfig: (env) => {
    const config = readConfig(env)
    const { minimumChainWork } = config.params
    return { ...config, params: { ...easyParams(), minimumChainWork } }
  },
  start,
})
