/** What the program exits with: done; it failed; the command line was wrong; an output is INVALID; a check was INCONCLUSIVE. */
export const EXIT = { ok: 0, failed: 1, usage: 2, invalid: 3, inconclusive: 4 } as const
