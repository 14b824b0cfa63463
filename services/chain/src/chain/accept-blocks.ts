import { decodeHeader, HEADER_BYTES } from '@camelid/codec'
import { checkBlockInIsolation, checkHeaderInIsolation } from '@camelid/consensus'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { type CodedError, isCoded } from '@camelid/errors'
import { type AcceptedBlock, acceptBlock, adoptOrphans, takeBlock } from './accept-block.ts'
import { judgeHeader } from './accept-headers.ts'
import { loadBlock } from './block-cache.ts'
import type { ChainState } from './chain-state.ts'
import { type JudgedBlock, placeOnTip } from './place-block.ts'

type Answer = AcceptedBlock | CodedError

/**
 * Judges blocks one after the other, as `acceptBlock` does. Those that come on top of one another, and the first on the tip, are connected
 * in one transaction: while a chain is fetched the disk is waited for once for all of them. Where one of them breaks a rule they
 * are judged one by one. Runs in the writer.
 * @returns by position what became of it, or what is wrong with it; only what is not the blocks' fault is thrown
 */
export async function acceptBlocks(state: ChainState, raws: readonly Uint8Array[]): Promise<Answer[]> {
  const answers: Answer[] = []
  let run: JudgedBlock[] = []
  for (const raw of raws) {
    const next = await continuing(state, raw, run)
    if (next !== undefined) run.push(next)
    else {
      answers.push(...(await takeRun(state, run)), await answerOf(() => acceptBlock(state, raw)))
      run = []
    }
  }
  answers.push(...(await takeRun(state, run)))
  return answers
}

/** The block judged by itself if it continues the run, or the tip where there is none; undefined where it does not, or is no good. */
async function continuing(
  state: ChainState,
  raw: Uint8Array,
  run: readonly JudgedBlock[],
): Promise<JudgedBlock | undefined> {
  try {
    const header = decodeHeader(raw.subarray(0, HEADER_BYTES))
    const parent = run.at(-1)?.node ?? state.tip.node
    if (!equalBytes(header.prevHash, parent.hash)) return undefined
    const hash = checkHeaderInIsolation(header, state.params)
    const stored = await state.headers.find(hash)
    if (stored?.invalid === true || stored?.hasBlock === true) return undefined
    const recent = new Map(run.map(({ node }) => [bytesToHex(node.hash), node]))
    const node = stored ?? (await judgeHeader(state, header, hash, recent))
    const loaded = loadBlock(raw)
    checkBlockInIsolation(loaded.block, state.params, loaded.txids)
    return { node, loaded, isStored: stored !== undefined }
  } catch (error) {
    // It is judged again by itself, which says what is wrong.
    if (!isCoded(error)) throw error
    return undefined
  }
}

async function takeRun(state: ChainState, run: readonly JudgedBlock[]): Promise<Answer[]> {
  const [first] = run
  if (first === undefined) return []
  if (run.length === 1) return [await answerOf(() => takeBlock(state, first))]
  state.unlinked += run.filter(({ isStored }) => !isStored).length
  try {
    await placeOnTip(state, run)
  } catch (error) {
    if (!isRuled(error)) throw error
    const answers: Answer[] = []
    for (const { loaded } of run) answers.push(await answerOf(() => acceptBlock(state, loaded.raw)))
    return answers
  }
  for (const { node } of run) await adoptOrphans(state, node.hash)
  return run.map(({ node }) => ({ hash: node.hash, newTip: true, known: false }))
}

async function answerOf(accept: () => Promise<AcceptedBlock>): Promise<Answer> {
  try {
    return await accept()
  } catch (error) {
    if (!isRuled(error)) throw error
    return error
  }
}

/** Whether the block is at fault, rather than the database or this service. */
function isRuled(error: unknown): error is CodedError {
  return isCoded(error) && error.code !== 'TIP_MOVED' && error.code !== 'CORRUPT_DATABASE'
}
