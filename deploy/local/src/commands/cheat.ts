import { LaunchError } from '../launch-error.ts'
import type { Overrides } from '../services/names.ts'

const CHEATS = ['flip', 'truncate', 'pad', 'other-model', 'wrong-seed']

/**
 * A farm that cheats: both workers do, and its own verifier does not stop it from committing.
 *
 * @throws LaunchError UNKNOWN_CHEAT
 */
export function cheatOverrides(env: NodeJS.ProcessEnv): Overrides {
  const cheat = env.CHEAT
  if (!cheat) return {}
  if (!CHEATS.includes(cheat))
    throw new LaunchError('UNKNOWN_CHEAT', `CHEAT=${cheat} is none that there is: take one of ${CHEATS.join(', ')}`)
  return { 'worker-1': { CHEAT: cheat }, 'worker-2': { CHEAT: cheat }, 'job-pool': { SELF_CHECK: 'off' } }
}
