import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { bytesToHex } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { StateHash } from '../src/verify/state-hash.ts'
import { camelid, inDatabase, verify } from './admin.ts'
import { announced } from './announced.ts'
import { Branch } from './branch.ts'
import { TestChain } from './harness.ts'
import { richBranch } from './rich-branch.ts'
import { snapshot } from './snapshot.ts'
import { exportFile, importFile } from './snapshot-file.ts'
import { submitAll } from './submit.ts'

const branch = richBranch()
const directory = mkdtempSync(join(tmpdir(), 'camelid-export-'))
let full: TestChain
let empty: TestChain

before(async () => {
  ;[full, empty] = await Promise.all([TestChain.start(), TestChain.start()])
  await submitAll(full.client, branch.blocks)
})
after(async () => {
  await Promise.all([full[Symbol.asyncDispose](), empty[Symbol.asyncDispose]()])
  rmSync(directory, { recursive: true })
})

const code = (error: unknown) => (isCoded(error) ? error.code : String(error))
const refusal = (file: Uint8Array, hash: Uint8Array | undefined) =>
  importFile(empty.client, file, hash).then(() => 'taken', code)

/** The file with a right hash over whatever it holds now. */
function rehashed(file: Buffer): Buffer {
  const copy = Buffer.from(file)
  copy.set(createHash('sha256').update(copy.subarray(46)).digest(), 14)
  return copy
}

function changed(file: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(file)
  change(copy)
  return copy
}

/** The file with its state changed and every hash made right: what only the sums of the chain give away. */
function forged(file: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = changed(file, change)
  let end = STATE
  for (let tag = copy.readUInt8(end); tag !== 0; tag = copy.readUInt8(end))
    end += tag === 1 ? 54 + copy.readUInt32LE(end + 50) : tag === 2 ? 93 : 90
  const hash = new StateHash({
    genesisHash: copy.subarray(46, 78),
    height: copy.readUInt32LE(78),
    tipHash: copy.subarray(82, 114),
  })
  hash.update(copy.subarray(STATE, end + 25))
  copy.set(hash.finish(), 118)
  return rehashed(copy)
}

/** Where the state begins in the file: prefix, place and headers come before it. */
const STATE = 46 + 104 + 80 * branch.tip.height

test('hostile files are refused by name, and leave nothing behind', async () => {
  const { file, summary } = await exportFile(full.client)
  const { hash } = summary
  const nothing = await inDatabase(empty.databaseUrl, 'SELECT * FROM headers, best_chain, transactions')
  const cases: readonly (readonly [what: string, file: Buffer, hash: Uint8Array | undefined, code: string])[] = [
    ['no snapshot', Buffer.alloc(5_000, 7), undefined, 'NOT_A_SNAPSHOT'],
    ['nothing at all', Buffer.alloc(0), undefined, 'SNAPSHOT_DAMAGED'],
    ['another format', changed(file, (copy) => copy.writeUInt16LE(2, 8)), hash, 'SNAPSHOT_VERSION'],
    ['another network', changed(file, (copy) => copy.writeUInt8(1, 13)), hash, 'SNAPSHOT_NETWORK'],
    ['another genesis', rehashed(changed(file, (copy) => copy.writeUInt8(1, 46))), undefined, 'SNAPSHOT_NETWORK'],
    ['another hash than asked for', file, new Uint8Array(32).fill(1), 'SNAPSHOT_HASH'],
    [
      'a hash that lies',
      changed(file, (copy) => copy.set(new Uint8Array(32), 14)),
      new Uint8Array(32),
      'SNAPSHOT_DAMAGED',
    ],
    ['something after the end', rehashed(Buffer.concat([file, Buffer.of(0)])), undefined, 'SNAPSHOT_DAMAGED'],
    ['a height beyond all', changed(file, (copy) => copy.writeUInt32LE(0xffffffff, 78)), undefined, 'SNAPSHOT_DAMAGED'],
    [
      'more headers than it has',
      changed(file, (copy) => copy.writeUInt32LE(0x7fffffff, 78)),
      undefined,
      'SNAPSHOT_DAMAGED',
    ],
    ['no full blocks', rehashed(changed(file, (copy) => copy.writeUInt32LE(12, 114))), undefined, 'SNAPSHOT_DAMAGED'],
    [
      'a script of four gigabytes',
      changed(file, (copy) => copy.writeUInt32LE(0xffffffff, STATE + 50)),
      undefined,
      'SNAPSHOT_DAMAGED',
    ],
    [
      'a script that is longer than the rest',
      changed(file, (copy) => copy.writeUInt32LE(99_999, STATE + 50)),
      undefined,
      'SNAPSHOT_DAMAGED',
    ],
    [
      'a coin made out of nothing',
      rehashed(changed(file, (copy) => copy.writeBigUInt64LE(50n, STATE + 37))),
      undefined,
      'SNAPSHOT_DAMAGED',
    ],
    ['an unknown record', changed(file, (copy) => copy.writeUInt8(9, STATE)), undefined, 'SNAPSHOT_DAMAGED'],
    [
      'a header without work',
      rehashed(changed(file, (copy) => copy.writeUInt32LE(1, 46 + 104 + 76))),
      undefined,
      'SNAPSHOT_DAMAGED',
    ],
    [
      'undo data of nothing',
      rehashed(changed(file, (copy) => copy.writeUInt8(copy.readUInt8(copy.length - 1) ^ 1, copy.length - 1))),
      undefined,
      'SNAPSHOT_DAMAGED',
    ],
  ]
  for (const [what, hostile, wanted, expected] of cases) assert.equal(await refusal(hostile, wanted), expected, what)
  const poorer = forged(file, (copy) => copy.writeBigUInt64LE(copy.readBigUInt64LE(STATE + 37) - 1n, STATE + 37))
  const found = await importFile(empty.client, poorer, undefined).then(() => 'taken', String)
  assert.match(found, /supply: the coins are worth \d+ base units, the blocks made and kept \d+/)
  for (let cut = 1; cut < file.length; cut = Math.ceil(cut * 1.7))
    assert.equal(await refusal(file.subarray(0, cut), hash), 'SNAPSHOT_DAMAGED', `cut off after ${cut} bytes`)
  for (let at = 46; at < file.length; at += Math.ceil(file.length / 40)) {
    const flipped = changed(file, (copy) => copy.writeUInt8(copy.readUInt8(at) ^ 0x10, at))
    assert.match(await refusal(flipped, hash), /^SNAPSHOT_(DAMAGED|NETWORK)$/, `byte ${at} flipped`)
  }
  assert.deepEqual(await inDatabase(empty.databaseUrl, 'SELECT * FROM headers, best_chain, transactions'), nothing)
  assert.deepEqual([await empty.height(), (await verify(empty.client)).faults], [0, {}])
})

test('a snapshot brings an empty node to the same state, from which it goes on and can go back', async () => {
  const path = join(directory, 'chain.snapshot')
  const exported = await camelid('chain', 'export', path, '--json', '--chain', full.url)
  assert.equal(exported.code, 0, exported.err)
  const { hash, stateHash, height, bytes } = JSON.parse(exported.out)
  const state = await verify(full.client)
  assert.deepEqual([stateHash, height, bytes], [state.hash, state.height, statSync(path).size])
  assert.deepEqual(readdirSync(directory), ['chain.snapshot'])
  assert.match((await camelid('chain', 'export', path, '--chain', full.url)).err, /cannot be made.*\[FILE\]/)
  const { file, summary } = await exportFile(full.client)
  assert.deepEqual([bytesToHex(summary.hash), file], [hash, readFileSync(path)])

  assert.match((await camelid('chain', 'import', path, '--chain', empty.url)).err, /--hash HEX from somebody you trust/)
  const wrong = await camelid('chain', 'import', path, '--hash', '00'.repeat(32), '--chain', empty.url)
  assert.deepEqual([wrong.code, /SNAPSHOT_HASH/.test(wrong.err)], [1, true])
  const taken = await camelid('chain', 'import', path, '--hash', hash, '--chain', empty.url)
  assert.equal(taken.code, 0, taken.err)
  assert.deepEqual(await verify(empty.client), state)
  assert.deepEqual(await snapshot(empty), await snapshot(full))
  assert.equal(await importFile(empty.client, file, summary.hash).then(() => 'taken', code), 'DATABASE_NOT_EMPTY')

  const other = new Branch({ branch, height: 8 }).grow(branch.tip.height - 6, 9)
  for (const chain of [empty, full]) await submitAll(chain.client, other.blocks.slice(8))
  assert.deepEqual(await verify(empty.client), await verify(full.client))
  assert.equal(await empty.height(), other.tip.height)
})

test('a file that is not there, or not a whole one, ends the program by name', async () => {
  const missing = await camelid('chain', 'import', join(directory, 'nowhere'), '--trust', '--chain', empty.url)
  assert.deepEqual([missing.code, /\[FILE\]/.test(missing.err)], [1, true])
  const stub = join(directory, 'stub')
  writeFileSync(stub, 'CAMELSNP')
  await using fresh = await TestChain.start()
  const cut = await camelid('chain', 'import', stub, '--trust', '--chain', fresh.url)
  assert.deepEqual([cut.code, /ends after 8 bytes.*\[SNAPSHOT_DAMAGED\]/.test(cut.err)], [1, true])
  assert.equal((await announced(fresh)).events, 0)
})
