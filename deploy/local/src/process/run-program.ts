import { type ExecFileOptions, execFile } from 'node:child_process'

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024

/** Runs a program to its end. Throws with the last lines it wrote when it fails. */
export function runProgram(file: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { ...options, encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const tail = (stderr || stdout).trim().split('\n').slice(-5).join('; ')
      reject(new Error(`${file} failed: ${tail || error.message}`, { cause: error }))
    })
  })
}
