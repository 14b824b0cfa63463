import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Job } from '@camelid/codec'
import { parseProfile } from '@camelid/rastic'
import { openEngine } from '../open-engine.ts'
import { findModel, loadRegistry } from '../registry.ts'
import { measureNoise } from './measure-noise.ts'
import { plainJob } from './plain-job.ts'
import { PROMPTS } from './prompts.ts'
import { toProfile } from './to-profile.ts'

interface MeasureOptions {
  readonly model: string
  readonly modelsDir: string
  readonly tau: number
  readonly tailScale: number
  /** Rounds over all prompts and settings, each with other noise. */
  readonly repeat: number
}

const SEQUENCES = 4
const TEMPERATURES_MILLI = [0, 800, 1200]
const FILTERS = [
  { topK: 0, topPMicro: 1_000_000 },
  { topK: 40, topPMicro: 950_000 },
]

/** Measures, prints a summary, writes profiles/<model>.<backend>.json and its hash into models.json. */
export async function measureProfile({
  model: name,
  modelsDir,
  tau,
  tailScale,
  repeat,
}: MeasureOptions): Promise<void> {
  const model = findModel(loadRegistry(modelsDir), name)
  const log = { debug: () => {}, warn: () => {} }
  const engine = await openEngine({ modelPath: model.file, expected: model, sequences: SEQUENCES, threads: 1, log })
  try {
    const jobs = Array.from({ length: repeat }, () => jobsFor(Buffer.from(model.sha256, 'hex'))).flat()
    const measured = await measureNoise({
      engine,
      jobs,
      batches: [1, SEQUENCES],
      signal: new AbortController().signal,
      onProgress: (positions) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${positions} positions`)
      },
    })
    const notes = [
      `${PROMPTS.length} prompts, temperatures 0, 0.8 and 1.2, without filters and with top-k 40 and top-p 0.95, ${repeat} rounds of noise`,
      `generated token by token alone and ${SEQUENCES} at a time in a batch, one thread; checked by one prefill`,
      'a shift is the largest change between both of any logit difference among the 16 likeliest tokens of a position',
    ]
    const profile = toProfile(engine, measured, { tau, tailScale, notes })
    const file = `profiles/${name}.${engine.backend.replaceAll(' ', '-')}.json`
    const text = `${JSON.stringify(profile, null, 2)}\n`
    parseProfile(text)
    writeFileSync(join(modelsDir, file), text)
    register(join(modelsDir, 'models.json'), name, file, createHash('sha256').update(text).digest('hex'))
    process.stderr.write('\n')
    process.stdout.write(`${JSON.stringify(profile.measured, null, 2)}\nwritten to ${join(modelsDir, file)}\n`)
  } finally {
    await engine.dispose()
  }
}

function register(path: string, name: string, file: string, sha256: string): void {
  // loadRegistry has checked the file's shape.
  const registry = JSON.parse(readFileSync(path, 'utf8')) as {
    models: { name: string; profiles: { file: string; sha256: string }[] }[]
  }
  const entry = registry.models.find((candidate) => candidate.name === name)
  if (entry === undefined) return
  entry.profiles = [...entry.profiles.filter((profile) => profile.file !== file), { file, sha256 }]
  writeFileSync(path, `${JSON.stringify(registry, null, 2)}\n`)
}

function jobsFor(modelSha256: Uint8Array): Job[] {
  return PROMPTS.flatMap((text) =>
    TEMPERATURES_MILLI.flatMap((temperatureMilli) =>
      FILTERS.map((filter) => ({
        ...plainJob(modelSha256),
        ...filter,
        temperatureMilli,
        input: [{ kind: 0 as const, text }],
      })),
    ),
  )
}
