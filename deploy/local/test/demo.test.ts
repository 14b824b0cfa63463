import assert from 'node:assert/strict'
import test from 'node:test'
import { runLauncher } from './command.ts'
import { openHome } from './home.ts'

const RECEIPT = [
  'jobId, model, modelSha256, input, output, tokens, txid, blockHash, height, confirmations, reward, fee, verdict',
  'positionsChecked, misses, maxMargin, verifyMs, generateMs, balances',
]
  .join(', ')
  .split(', ')

test('make demo buys a completion that is paid, mined and VALID, and a second one on the same state', async () => {
  using home = openHome(11_000)
  const env = { ...home.env, PROMPT: 'A llama is', MAX_TOKENS: '48', TEMPERATURE: '0', SEED: '7' }
  const first = await runLauncher(['demo'], env)
  assert.equal(first.code, 0, first.stdout + first.stderr)
  const receipt = JSON.parse(first.stdout.trimEnd().split('\n').at(-1) ?? '')
  for (const name of RECEIPT) assert.ok(name in receipt, `the receipt lacks ${name}`)
  assert.equal(receipt.verdict, 'VALID')
  assert.equal(receipt.positionsChecked, receipt.tokens)
  assert.ok(receipt.confirmations >= 1)
  assert.match(receipt.output, /mammal/)
  const { before, after } = receipt.balances
  assert.equal(BigInt(before.client) - BigInt(after.client), BigInt(receipt.reward) + BigInt(receipt.fee))
  assert.equal(BigInt(after.node) - BigInt(before.node), BigInt(receipt.reward))
  assert.ok(!first.stdout.slice(0, first.stdout.indexOf('paid')).includes('mammal'), 'no text before it is paid for')

  const cheated = await runLauncher(['demo'], {
    ...home.env,
    CHEAT: 'flip',
    PROMPT: 'Tell me a story about a fox.\n',
    MAX_TOKENS: '160',
  })
  assert.equal(cheated.code, 1, cheated.stdout + cheated.stderr)
  const second = JSON.parse(cheated.stdout.trimEnd().split('\n').at(-1) ?? '')
  assert.equal(second.verdict, 'INVALID')
  assert.ok(second.firstDivergence >= 0)
  assert.ok(second.reason.length > 0)
  assert.ok(second.height > receipt.height, 'the chain went on from where it was')
})
