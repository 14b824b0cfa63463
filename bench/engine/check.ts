import { openEngine } from '@camelid/engine'
import { checkOutput, type Engine, type Profile } from '@camelid/rastic'
import { atMost, type Figure, median, stated } from '../report.ts'
import { BareContext } from './bare-context.ts'
import { type BareLoop, handOutMs, openBareLoop } from './bare-loop.ts'
import type { BenchModel } from './models.ts'
import { order, RULES, type Rule } from './orders.ts'
import { quiet } from './quiet.ts'

const LIMIT = 1.15
/** Logits of a position that node-llama-cpp is asked to hand out: about as many as a check asks for. */
const LISTED = 16

interface Measured {
  readonly engine: Engine
  readonly bare: BareContext
  readonly loop: BareLoop
}

interface Round {
  readonly tokens: number
  readonly generateMs: number
  readonly checkMs: number
  /** Reading the same tokens with the logits of the same positions, and with the last position's only. */
  readonly prefillMs: number
  readonly plainMs: number
  /** By the call that node-llama-cpp documents, which hands out the likeliest logits of the same positions. */
  readonly handedOutMs: number
}

/**
 * Checking all positions of an output against reading the same tokens with llama.cpp alone, which computes the logits of the same
 * positions; against node-llama-cpp handing them out; against one that computes the last position's only; and against writing the output.
 */
export async function benchCheck(model: BenchModel, maxTokens: number, rounds: number): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack()
  const { file: modelPath, contextSize } = model
  const engine = await openEngine({ modelPath, sequences: 1, threads: 1, log: quiet })
  stack.defer(() => engine.dispose())
  const bare = await BareContext.open(stack, { modelPath, sequences: 1, contextSize })
  const loop = await openBareLoop(stack, { modelPath, sequences: 1, contextSize })
  const figures: Figure[] = []
  for (const rule of RULES) {
    const measured: Round[] = []
    // Verifiers check all day: nobody counts how long the first checks take to be compiled.
    for (let round = 0; round < rounds; round++) await checkOnce({ engine, bare, loop }, rule, maxTokens)
    for (let round = 0; round < rounds; round++) measured.push(await checkOnce({ engine, bare, loop }, rule, maxTokens))
    const over = (what: 'prefillMs' | 'plainMs' | 'handedOutMs' | 'generateMs'): number =>
      median(measured.map((round) => round.checkMs / round[what]))
    const name = `${model.name}, ${rule.name}, ${median(measured.map(({ tokens }) => tokens))} tokens: check ÷`
    figures.push(
      atMost(`${name} prefill with logits`, over('prefillMs'), 'ratio', LIMIT),
      stated(`${name} logits handed out by node-llama-cpp`, over('handedOutMs'), 'ratio'),
      stated(`${name} plain prefill`, over('plainMs'), 'ratio'),
      stated(`${name} generation`, over('generateMs'), 'ratio'),
    )
  }
  return figures
}

async function checkOnce({ engine, bare, loop }: Measured, rule: Rule, maxTokens: number): Promise<Round> {
  const asked = order(engine, rule, maxTokens)
  const started = performance.now()
  const { tokenIds, text } = await engine.generate(asked)
  const generated = performance.now()
  const { verdict, reason } = await checkOutput({ engine, tokenIds, text, profile: profileFor(engine), ...asked })
  const checkMs = performance.now() - generated
  if (verdict !== 'VALID') throw new Error(`an honest output is ${verdict}: ${reason}`)
  const input = engine.tokenize(asked.job.input, [])
  const tokens = [...input, ...tokenIds].slice(0, -1)
  const [sequence] = loop.sequences
  if (sequence === undefined) throw new Error('there is no sequence')
  const judged = tokens.map((_, index) => index >= input.length - 1)
  const last = tokens.map((_, index) => index === tokens.length - 1)
  return {
    tokens: tokenIds.length,
    generateMs: generated - started,
    checkMs,
    prefillMs: await bare.prefillMs(tokens, judged),
    plainMs: await bare.prefillMs(tokens, last),
    handedOutMs: await handOutMs(sequence, tokens, judged, LISTED),
  }
}

/** One that fits any model, generous: what a check costs is measured here, not what it finds. */
function profileFor({ model, engine, backend }: Engine): Profile {
  return {
    version: 1,
    model: { name: model.name, sha256: model.sha256 },
    engine,
    pairs: [{ generator: backend, verifier: backend }],
    tau: 0.1,
    missRate: 0.01,
    tailScale: 0.1,
    falseAlarm: 1e-6,
    designDisagreement: 0.2,
    measured: {},
  }
}
