import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { baseEnv } from './base-env.ts'
import { ConfigError } from './config-error.ts'
import {
  flagField,
  hostPortField,
  intField,
  listField,
  numberField,
  portField,
  secretField,
  urlField,
} from './fields.ts'
import { parseEnv } from './parse-env.ts'

const schema = z.object({
  ...baseEnv,
  GRPC_PORT: portField().default(7342).describe('port of gRPC'),
  CHAIN_URL: hostPortField().describe('gRPC of the chain'),
  DATABASE_URL: urlField('postgres').meta({ secret: true }).describe('PostgreSQL'),
  NODE_PASSWORD: secretField().describe('password of the keystore'),
  SEEDS: listField(hostPortField()).default([]),
  SELF_CHECK: flagField().default(true),
  DUTY: numberField(0, 1).optional(),
  THREADS: intField(1, 64).default(1),
})

const good = { CHAIN_URL: '127.0.0.1:7342', DATABASE_URL: 'postgres://u:p@h/d', NODE_PASSWORD: 'pw' }

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseEnv(schema, env)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems
  }
  return []
}

test('values become their types, defaults fill in, empty counts as unset, and the result is frozen', () => {
  const config = parseEnv(schema, {
    ...good,
    GRPC_PORT: '0',
    SEEDS: ' a:1, [::1]:2 ,',
    SELF_CHECK: 'off',
    DUTY: '0.25',
    THREADS: '',
  })
  assert.equal(config.NETWORK, 'local')
  assert.equal(config.GRPC_PORT, 0)
  assert.deepEqual(config.SEEDS, ['a:1', '[::1]:2'])
  assert.equal(config.SELF_CHECK, false)
  assert.equal(config.DUTY, 0.25)
  assert.equal(config.THREADS, 1)
  assert.ok(Object.isFrozen(config))
})

test('every mistake is told at once, with the variable, the value and the meaning', () => {
  const problems = problemsOf({
    ...good,
    NETWORK: 'mainnet',
    GRPC_PORT: '70000',
    CHAIN_URL: 'nowhere',
    THREADS: '1.5',
    DUTY: 'much',
  })
  assert.equal(problems.length, 5)
  for (const name of ['NETWORK', 'GRPC_PORT', 'CHAIN_URL', 'THREADS', 'DUTY'])
    assert.ok(
      problems.some((one) => one.startsWith(`${name}: `)),
      name,
    )
  assert.ok(problems.some((one) => one.includes('"70000"') && one.includes('port of gRPC')))
})

test('what is missing says so, with the file variant for secrets', () => {
  const problems = problemsOf({})
  assert.ok(problems.some((one) => one.startsWith('CHAIN_URL: not set')))
  assert.ok(problems.some((one) => one.includes('NODE_PASSWORD_FILE')))
})

test('a secret may come from a file, and is never shown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'camelid-env-'))
  const file = join(folder, 'password')
  writeFileSync(file, 'hunter2\n')
  const { NODE_PASSWORD: _, ...rest } = good
  assert.equal(parseEnv(schema, { ...rest, NODE_PASSWORD_FILE: file }).NODE_PASSWORD, 'hunter2')
  assert.match(
    problemsOf({ ...rest, NODE_PASSWORD_FILE: join(folder, 'gone') }).join(),
    /NODE_PASSWORD_FILE: cannot read .*gone \(ENOENT\)/,
  )
  assert.match(problemsOf({ ...good, NODE_PASSWORD_FILE: file }).join(), /not both/)
  const shown = problemsOf({ ...good, DATABASE_URL: 'mysql://root:hunter2@h' }).join()
  assert.match(shown, /DATABASE_URL: must be a URL starting with postgres/)
  assert.doesNotMatch(shown, /hunter2/)
})

test('hosts and ports are checked for their form', () => {
  for (const bad of ['host', ':1', 'host:', 'host:0', 'host:123456', 'a b:1', '::1:80', 'http://h:1'])
    assert.equal(problemsOf({ ...good, CHAIN_URL: bad }).length, 1, bad)
})
