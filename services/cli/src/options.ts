import { type Command, Option } from 'commander'

/** Options that several commands share; each may come from the environment. */
export const clientOption = () =>
  new Option('--client <url>', "address of the client's API").env('CAMELID_CLIENT').default('http://127.0.0.1:7360')
export const chainOption = () =>
  new Option('--chain <host:port>', 'gRPC address of the chain service').env('CAMELID_CHAIN').default('127.0.0.1:7342')
export const jobPoolOption = () =>
  new Option('--job-pool <host:port>', 'gRPC address of the job-pool').env('CAMELID_JOB_POOL').default('127.0.0.1:7343')
export const gatewayOption = () =>
  new Option('--gateway <host:port>', 'gRPC address of the gateway').env('CAMELID_GATEWAY').default('127.0.0.1:7341')
export const modelsOption = () =>
  new Option('--models <dir>', 'directory that has models.json').env('MODELS_DIR').default('models')
export const jsonOption = () => new Option('--json', 'print JSON, for programs')

/** A group such as `camelid wallet`; alone it shows its help and is a mistake. */
export function group(program: Command, name: string, description: string): Command {
  return program.command(name).description(description)
}
