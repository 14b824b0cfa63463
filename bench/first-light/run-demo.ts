import { spawn } from 'node:child_process'

export interface DemoRun {
  readonly code: number | null
  readonly seconds: number
  /** The receipt, where one was printed. */
  readonly receipt: Readonly<Record<string, unknown>> | undefined
  readonly output: string
}

/** `make demo` in a checkout, timed as a whole process. */
export function runDemo(directory: string, env: NodeJS.ProcessEnv): Promise<DemoRun> {
  const started = performance.now()
  const child = spawn('make', ['-s', 'demo'], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const seconds = (performance.now() - started) / 1000
      resolve({ code, seconds, receipt: readReceipt(output), output: output + errors })
    })
  })
}

function readReceipt(output: string): DemoRun['receipt'] {
  const last = output.trimEnd().split('\n').at(-1) ?? ''
  return last.startsWith('{') ? (JSON.parse(last) as DemoRun['receipt']) : undefined
}
