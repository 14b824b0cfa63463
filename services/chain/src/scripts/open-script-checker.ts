import { randomBytes } from 'node:crypto'
import type { Logger } from '@camelid/runtime'
import { ScriptCache } from './script-cache.ts'
import { ScriptChecker } from './script-checker.ts'
import { ScriptThreads } from './script-threads.ts'

/** A checker with threads of its own, which end with `stack`. @param options.threads beside this one, see SCRIPT_THREADS */
export function openScriptChecker(options: {
  readonly threads: number
  readonly log: Logger
  readonly stack: AsyncDisposableStack
  readonly stopping: AbortSignal
}): ScriptChecker {
  const { threads: count, log, stack, stopping } = options
  const threads = stack.use(new ScriptThreads({ count, log }))
  return new ScriptChecker({ cache: new ScriptCache(randomBytes(8)), threads, stopping })
}
