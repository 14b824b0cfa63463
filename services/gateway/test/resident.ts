/** Memory that a service takes, in MB, by its own metrics. */
export async function residentMb(httpPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith('process_resident_memory_bytes'))
  if (line === undefined) throw new Error('the service does not tell what memory it takes')
  return Number(line.split(' ').at(-1)) / 1e6
}
