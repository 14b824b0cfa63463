import { existsSync } from 'node:fs'
import { stopLeftovers } from '../process/record.ts'
import { checkContents } from '../state/contents.ts'
import { stateHome } from '../state/home.ts'
import { lockState } from '../state/lock.ts'
import { removeState } from '../state/remove.ts'

/** `make reset`: removes the state of the local testnet: chain, jobs, keys and wallet. */
export async function reset(env: NodeJS.ProcessEnv): Promise<number> {
  const home = stateHome(env)
  if (!existsSync(home)) {
    process.stdout.write(`camelid: nothing to remove, ${home} does not exist\n`)
    return 0
  }
  checkContents(home)
  using _lock = lockState(home)
  await stopLeftovers(home)
  removeState(home)
  process.stdout.write(`camelid: removed ${home}\n`)
  return 0
}
