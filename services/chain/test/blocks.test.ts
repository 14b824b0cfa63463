import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeHeader, type OutPoint, outPointKey, type Transaction, txid } from '@camelid/codec'
import { merkleRootFromBranch, opReturnScript, subsidy } from '@camelid/consensus'
import { bytesToHex, concatBytes, sha256d } from '@camelid/crypto'
import { Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { Branch, PAYEE, spend, toPayee } from './branch.ts'
import { TestChain } from './harness.ts'
import { offer, submitAll } from './submit.ts'

const withCode = (code: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === code
const headersOf = (branch: Branch, from: number) =>
  concatBytes(...branch.nodes.slice(from).map((node) => encodeHeader(node.header)))

test('headers say which blocks are wanted, and blocks connect in whatever order they come', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(6)
  const [first] = await offer(chain, [{ headers: headersOf(branch, 1) }])
  assert.equal(first?.outcome, Outcome.OK)
  const wanted = branch.nodes.slice(1).map((node) => bytesToHex(node.hash))
  assert.deepEqual(first?.wanted.map(bytesToHex), wanted)
  const backwards = branch.blocks.toReversed().map((block) => ({ block }))
  const answers = await offer(chain, backwards)
  assert.ok(answers.every(({ outcome }) => outcome === Outcome.OK))
  assert.equal(answers.at(-1)?.wanted.length, 0)
  assert.equal(await chain.height(), 6)
  const [again] = await offer(chain, [{ headers: headersOf(branch, 1) }])
  assert.equal(again?.outcome, Outcome.IGNORE)
})

test('headers that are known already, or in part, are taken as they are, also by a chain that has just started', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(8)
  const offerFrom = async (from: number, to: number) => {
    const headers = concatBytes(...branch.nodes.slice(from, to).map((node) => encodeHeader(node.header)))
    const [answer] = await offer(chain, [{ headers }])
    return [answer?.outcome, answer?.code, answer?.wanted.length]
  }
  assert.deepEqual(await offerFrom(1, 6), [Outcome.OK, '', 5])
  await chain.stop('SIGKILL')
  await chain.start()
  assert.deepEqual(await offerFrom(2, 6), [Outcome.IGNORE, '', 5])
  assert.deepEqual(await offerFrom(3, 8), [Outcome.OK, '', 7])
  assert.deepEqual(await offerFrom(1, 3), [Outcome.IGNORE, '', 7])
  assert.deepEqual(await offerFrom(8, 9), [Outcome.OK, '', 8])
})

test('a block without its parent waits for it in bounded space', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(3)
  const answers = await offer(
    chain,
    branch.blocks.toReversed().map((block) => ({ block })),
  )
  assert.deepEqual(
    answers.map(({ outcome, code }) => [outcome, code]),
    [
      [Outcome.IGNORE, 'UNKNOWN_PARENT'],
      [Outcome.IGNORE, 'UNKNOWN_PARENT'],
      [Outcome.OK, ''],
    ],
  )
  assert.equal(await chain.height(), 3)
})

test('an invalid block is remembered with all that builds on it, and the valid branch stays', async () => {
  await using chain = await TestChain.start()
  const good = new Branch().grow(6)
  await submitAll(chain.client, good.blocks)
  const bad = new Branch({ branch: good, height: 5 })
  bad.add([], { tag: 7, reward: subsidy(6) + 1n })
  bad.grow(2, 7)
  const answers = await offer(
    chain,
    bad.blocks.slice(5).map((block) => ({ block })),
  )
  assert.equal(await chain.height(), 6)
  // The first is a side block until the second gives its branch more work; then the rule is found broken.
  assert.equal(answers[0]?.outcome, Outcome.OK)
  assert.deepEqual(
    answers.slice(2).map(({ outcome, code }) => [outcome, code]),
    [[Outcome.REJECT, 'INVALID_ANCESTOR']],
  )
  const [once] = await offer(chain, [{ block: bad.blocks[5] ?? new Uint8Array() }])
  assert.deepEqual([once?.outcome, once?.code], [Outcome.REJECT, 'KNOWN_INVALID'])
  await chain.stop('SIGKILL')
  await chain.start()
  const [later] = await offer(chain, [{ headers: headersOf(bad, 6) }])
  assert.equal(later?.outcome, Outcome.REJECT)
  assert.equal(bytesToHex((await chain.client.getTip({})).tip?.hash ?? new Uint8Array()), bytesToHex(good.tip.hash))
})

test('a block that spends twice, or pays too much, is refused by the name of the rule', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(6)
  await submitAll(chain.client, branch.blocks)
  const coin = branch.reward(1)
  const pays = [1n, 2n].map((fee) => spend({ from: [coin], to: [toPayee(coin.value - fee)] }))
  const cases = [
    [(fork: Branch) => fork.add(pays), 'DOUBLE_SPEND'],
    [(fork: Branch) => fork.add([], { reward: subsidy(7) + 1n }), 'COINBASE_PAYS_TOO_MUCH'],
    [(fork: Branch) => fork.add([spend({ from: [branch.reward(6)], to: [toPayee(1n)] })]), 'IMMATURE_COINBASE'],
    [(fork: Branch) => fork.add([], { time: Math.floor(Date.now() / 1000) + 60 }), 'TIME_TOO_NEW'],
    [(fork: Branch) => fork.add([], { time: 1_700_000_000 }), 'TIME_TOO_OLD'],
  ] as const
  for (const [add, code] of cases) {
    const block = add(new Branch({ branch, height: 6 }))
    await assert.rejects(chain.client.submitBlock({ block }), withCode(code))
  }
  await assert.rejects(chain.client.submitBlock({ block: new Uint8Array(81) }), withCode('BAD_BITS'))
  await assert.rejects(chain.client.submitBlock({ block: new Uint8Array(20) }), withCode('TRUNCATED'))
  await chain.client.submitBlock({ block: branch.add() })
  assert.equal(await chain.height(), 7)
})

test('proofs lead to the merkle root of a header, spent outputs too', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(6)
  const coin = branch.reward(1)
  branch.add([spend({ from: [coin], to: [toPayee(coin.value / 2n), toPayee(1n)] })], { fees: coin.value / 2n - 1n })
  await submitAll(chain.client, branch.blocks)
  const pages = []
  for (let page = await chain.client.getUtxos({ h2: PAYEE, withProofs: true, limit: 3 }); ; ) {
    pages.push(...page.utxos)
    const after = page.utxos.at(-1)?.outpoint
    if (!page.more || after === undefined) break
    page = await chain.client.getUtxos({ h2: PAYEE, withProofs: true, limit: 3, after })
  }
  assert.equal(pages.length, 7 - 1 + 2)
  const spent = await chain.client.getOutput({ outpoint: coin.outpoint })
  assert.equal(spent.spent, true)
  for (const { proof } of [...pages, spent.output ?? assert.fail()]) {
    assert.ok(proof)
    const root = merkleRootFromBranch(sha256d(proof.transaction), proof.branch, proof.position)
    assert.deepEqual(root, branch.nodes[proof.height]?.header.merkleRoot)
  }
  const { headers, firstHeight } = await chain.client.getHeaders({
    locator: [branch.nodes[3]?.hash ?? PAYEE],
    limit: 2,
  })
  assert.deepEqual([firstHeight, headers.length], [4, 2])
  const at = (fromHeight: number) => chain.client.getHeaders({ fromHeight, limit: 1 })
  assert.deepEqual(
    (await at(2)).headers.map((header) => bytesToHex(sha256d(header))),
    [bytesToHex(branch.nodes[2]?.hash ?? assert.fail())],
  )
  assert.deepEqual((await at(4_000_000_000)).headers, [])
  await assert.rejects(
    chain.client.getOutput({ outpoint: { txid: new Uint8Array(32), index: 0 } }),
    withCode('OUTPUT_NOT_FOUND'),
  )
})

test('a page of proofs ends where they would take too many full blocks to make, and the next goes on', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(6)
  let coin = branch.reward(1)
  for (let height = 7; height <= 10; height++) {
    const transactions: Transaction[] = []
    while (transactions.length < 38) {
      const filling = { value: 0n, scriptPubKey: opReturnScript(new Uint8Array(99_000)) }
      const transaction = spend({ from: [coin], to: [toPayee(coin.value), filling] })
      transactions.push(transaction)
      coin = { outpoint: { txid: txid(transaction), index: 0 }, value: coin.value }
    }
    branch.add(transactions)
  }
  await submitAll(chain.client, branch.blocks)
  const pages: number[] = []
  const found = new Set<string>()
  let after: OutPoint | undefined
  for (let more = true; more; ) {
    const page = await chain.client.getUtxos({ h2: PAYEE, withProofs: true, ...(after === undefined ? {} : { after }) })
    for (const { outpoint, proof } of page.utxos) {
      assert.ok(outpoint && proof)
      found.add(outPointKey(outpoint))
      after = outpoint
    }
    pages.push(page.utxos.length)
    more = page.more
  }
  // Nine unspent rewards and the end of the chain of spends, of which five are in four full blocks.
  assert.equal(found.size, 10)
  assert.ok(pages.length > 1 && pages.every((count) => count > 0), pages.join(' '))
})
