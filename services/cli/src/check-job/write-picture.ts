import { open, stat, writeFile } from 'node:fs/promises'
import { CliError } from '../cli-error.ts'
import { marginsSvg } from './margins-svg.ts'
import type { CheckOutcome } from './run-check.ts'

/** Where a file says what it is. */
const HEAD_BYTES = 1024
/** An SVG, perhaps after a declaration, a document type and comments. */
const SVG = /^\ufeff?\s*(<\?xml[^>]*\?>\s*)?(<!(--.*?--|DOCTYPE[^>]*)>\s*)*<svg[\s>]/s

interface Picture extends CheckOutcome {
  readonly path: string
  /** The opened job: evidence, never to be written over. */
  readonly jobFile: string
}

/**
 * Draws the margins of a check into a new file, or over an SVG; of an output that is INVALID without a run of the model an empty
 * plot, marked where it diverges. Errors: NO_PICTURE, also where nothing was checked.
 */
export async function writePicture({ path, jobFile, report, profile, explained }: Picture): Promise<void> {
  const { verdict, reason, positions, firstDivergence } = report
  if (profile === undefined || (positions.length === 0 && verdict !== 'INVALID')) {
    throw new CliError('NO_PICTURE', `there is nothing to draw: no position was checked (${verdict}: ${reason})`)
  }
  await requireRoom(path, jobFile)
  const { model, jobId, tokens } = explained
  const title = `${verdict}: ${model}, job ${jobId.slice(0, 16)}…`
  try {
    await writeFile(path, marginsSvg({ title, tokens, positions, tau: profile.tau, firstDivergence }))
  } catch (cause) {
    throw new CliError('NO_PICTURE', `${path} cannot be written: name a file in a directory that is there`, { cause })
  }
}

/** What is lost with a picture may be an older picture only. */
async function requireRoom(path: string, jobFile: string): Promise<void> {
  // What cannot be looked at can neither be written: that tells why.
  const [there, job] = await Promise.all([path, jobFile].map((one) => stat(one).catch(() => undefined)))
  if (there === undefined) return
  if (there.dev === job?.dev && there.ino === job.ino) {
    throw new CliError('NO_PICTURE', `${path} is the job itself, which stays as it is: name another file by --svg`)
  }
  if (!there.isFile() || there.size === 0 || SVG.test(await headOf(path))) return
  throw new CliError('NO_PICTURE', `${path} is there and is no SVG: name one that is not there yet by --svg`)
}

/** Empty where it cannot be read: then nobody knows what it is. */
async function headOf(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r')
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return ''
  }
}
