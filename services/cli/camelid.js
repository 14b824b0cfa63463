#!/usr/bin/env node
// In JavaScript, so that an old Node can read it, and say what is wrong instead of not knowing what a .ts file is.
const [major] = process.versions.node.split('.')
if (Number(major) >= 24) {
  const { run } = await import('./src/run.ts')
  process.exitCode = await run(process.argv.slice(2))
} else {
  process.stderr.write(
    `camelid needs Node 24 or newer, this is ${process.versions.node}: run it as npx camelid, which takes the Node that came with the project\n`,
  )
  process.exitCode = 1
}
