import { BACKENDS } from './backend.ts'
import { KINDS } from './kinds.ts'

const kinds = [...KINDS].map(([name, { about }]) => `  ${name.padEnd(20)} ${about}`)

export const USAGE = `npm run -s conformance -- KIND FILE... [--backend ${BACKENDS.join('|')}]

Judges our rules by public test vectors, each file as its origin publishes it. KIND is one of

${kinds.join('\n')}

--backend is for wycheproof: which library is judged, else the one in use.
Ends with "N passed, N failed, N skipped". Exits 0 where something passed and nothing failed in every file, else 1.`
