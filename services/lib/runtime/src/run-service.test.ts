import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'

const SCRIPT = join(import.meta.dirname, 'testing/service.ts')

interface Running {
  child: ChildProcess
  output: () => string
  port: () => Promise<number>
  said: (text: string) => Promise<void>
  ended: Promise<number | null>
}

function start(env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [SCRIPT], { env: { PATH: process.env.PATH ?? '', HTTP_PORT: '0', ...env } })
  let output = ''
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    output += data.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const said = async (text: string) => {
    for (
      const end = performance.now() + 30_000;
      !output.includes(text);
      await new Promise((resolve) => setTimeout(resolve, 20))
    )
      assert.ok(performance.now() < end && child.exitCode === null, `it never said ${text}: ${output}`)
  }
  const port = async () => {
    await said('"msg":"listening"')
    return Number(/"port":(\d+),"msg":"listening"/.exec(output)?.[1])
  }
  return { child, output: () => output, port, said, ended }
}

const get = async (port: number, path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: response.status, body: await response.text() }
}

test('it serves health, metrics and its routes, and closes in reverse order on SIGTERM with exit code 0', async () => {
  const service = start()
  const port = await service.port()
  await service.said('"msg":"ready"')
  assert.deepEqual(await get(port, '/healthz'), { status: 200, body: '{"status":"alive"}' })
  assert.deepEqual(await get(port, '/readyz'), { status: 200, body: '{"ready":true,"checks":{"dependency":"ok"}}' })
  assert.deepEqual(await get(port, '/hello'), { status: 200, body: '{"hello":"world"}' })
  assert.match((await get(port, '/metrics')).body, /process_cpu_seconds_total\{service="example"\}/)
  assert.equal((await get(port, '/nothing')).status, 404)
  service.child.kill('SIGTERM')
  assert.equal(await service.ended, 0)
  assert.match(service.output(), /closed second, aborted true, metrics true[\s\S]*closed first[\s\S]*"msg":"stopped"/)
})

test('while it starts it is alive and not ready, and SIGTERM ends it', async () => {
  const service = start({ MODE: 'slow' })
  const port = await service.port()
  assert.equal((await get(port, '/healthz')).status, 200)
  assert.deepEqual(await get(port, '/readyz'), {
    status: 503,
    body: '{"ready":false,"checks":{"dependency":"ok","service":"starting"}}',
  })
  assert.equal((await get(port, '/hello')).status, 503)
  service.child.kill('SIGTERM')
  assert.equal(await service.ended, 0)
})

test('a dependency that is down is named by /readyz', async () => {
  const service = start({ DEPENDENCY: 'down' })
  const port = await service.port()
  await service.said('"msg":"ready"')
  const { status, body } = await get(port, '/readyz')
  assert.equal(status, 503)
  assert.match(body, /the dependency is down/)
  service.child.kill('SIGINT')
  assert.equal(await service.ended, 0)
})

test('mistakes of the configuration are all printed, with exit code 1', async () => {
  const service = start({ NETWORK: 'moon', GRACE_MS: 'soon' })
  assert.equal(await service.ended, 1)
  assert.match(service.output(), /example: the configuration is wrong:\n {2}NETWORK: .*\n {2}GRACE_MS: /)
  const moved = start({ NETWORK: 'main', CLOCK_OFFSET_MS: '5' })
  assert.equal(await moved.ended, 1)
  assert.match(moved.output(), /CLOCK_OFFSET_MS: only NETWORK=local/)
})

test('failures, of the start, of a loop, of nobody, end it with exit code 1 and what was open closed', async () => {
  for (const [mode, reason] of [
    ['broken', 'cannot open the thing'],
    ['failing', 'for a reason'],
    ['rejecting', 'nobody caught me'],
  ] as const) {
    const service = start({ MODE: mode })
    assert.equal(await service.ended, 1, mode)
    assert.ok(service.output().includes(reason), mode)
    assert.ok(service.output().includes('closed first'), mode)
  }
})

test('closing that hangs is cut off after the grace period; a second signal does not wait for that', async () => {
  const hanging = start({ MODE: 'stuck', GRACE_MS: '200' })
  await hanging.said('"msg":"ready"')
  hanging.child.kill('SIGTERM')
  assert.equal(await hanging.ended, 1)
  assert.match(hanging.output(), /longer than the grace period/)
  const impatient = start({ MODE: 'stuck', GRACE_MS: '60000' })
  await impatient.said('"msg":"ready"')
  impatient.child.kill('SIGTERM')
  await impatient.said('stopping: SIGTERM')
  impatient.child.kill('SIGTERM')
  assert.equal(await impatient.ended, 1)
})

test('a taken port is one clear line', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const service = start({ HTTP_PORT: String(typeof address === 'object' ? address?.port : 0) })
  assert.equal(await service.ended, 1)
  assert.match(service.output(), /port \d+ is taken: stop what listens there or choose another/)
  other.close()
})

test('with PARENT_WATCH it does not outlive the process that started it', async () => {
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `const c = require('child_process').spawn(process.execPath, [process.argv[1]], { stdio: 'ignore', detached: true, env: { ...process.env, PARENT_WATCH: process.pid } }); console.log(c.pid); setInterval(() => {}, 1000)`,
      SCRIPT,
    ],
    { env: { PATH: process.env.PATH ?? '', HTTP_PORT: '0' } },
  )
  const pid = Number(
    await new Promise<string>((resolve) => parent.stdout.once('data', (data: Buffer) => resolve(data.toString()))),
  )
  parent.kill('SIGKILL')
  const alive = () => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  // A process that has ended stays visible until somebody collects it; then its state is Z.
  const { readFileSync } = await import('node:fs')
  const gone = () => !alive() || (process.platform === 'linux' && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
  for (const end = performance.now() + 20_000; !gone(); await new Promise((resolve) => setTimeout(resolve, 50)))
    assert.ok(performance.now() < end, 'it stayed behind')
})
