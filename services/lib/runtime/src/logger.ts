import { type Logger, pino } from 'pino'
import type { BaseConfig } from './base-env.ts'

type LogConfig = Pick<BaseConfig, 'LOG_LEVEL' | 'LOG_FORMAT' | 'NODE_NAME'>

/** Fields whose values never reach a log, at the top of a record or one level down. */
const SECRET_FIELDS = ['password', 'secret', 'privateKey', 'mnemonic', 'NODE_PASSWORD', 'DATABASE_URL']

/** JSON lines on standard output, or readable ones on a terminal. Writes synchronously: nothing is lost at exit. */
export async function createLogger(name: string, config: LogConfig): Promise<Logger> {
  const options = {
    level: config.LOG_LEVEL,
    base: { service: name, node: config.NODE_NAME },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[hidden]' },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const format = config.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json')
  if (format === 'json') return pino(options, pino.destination({ fd: 1, sync: true }))
  const { default: pretty } = await import('pino-pretty')
  return pino(
    options,
    pretty({ sync: true, colorize: process.stdout.isTTY, ignore: 'service,node', messageFormat: '{msg}' }),
  )
}
