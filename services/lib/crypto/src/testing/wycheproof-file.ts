import { z } from 'zod'
import { VectorFileError } from './vector-file-error.ts'

const keySchema = z.object({ curve: z.string(), uncompressed: z.string() })

/** A file of C2SP/wycheproof on ECDSA: of testvectors_v1, whose groups have a `publicKey`, or of the older testvectors, where it is `key`. */
const fileSchema = z.object({
  numberOfTests: z.int().positive(),
  testGroups: z.array(
    z
      .object({
        type: z.enum(['EcdsaVerify', 'EcdsaP1363Verify', 'EcdsaBitcoinVerify']),
        publicKey: keySchema.optional(),
        key: keySchema.optional(),
        sha: z.string(),
        tests: z.array(
          z.object({
            tcId: z.int(),
            comment: z.string(),
            msg: z.string(),
            sig: z.string(),
            result: z.enum(['valid', 'invalid', 'acceptable']),
          }),
        ),
      })
      .transform(({ publicKey, key, ...group }, context) => {
        const known = publicKey ?? key
        if (known !== undefined) return { ...group, key: known }
        context.addIssue('a group without publicKey or key')
        return z.NEVER
      }),
  ),
})

export type WycheproofGroup = z.infer<typeof fileSchema>['testGroups'][number]
export type WycheproofVector = WycheproofGroup['tests'][number]

/** The groups of a file, all of whose tests are there. @throws VectorFileError */
export function readWycheproof(file: unknown): readonly WycheproofGroup[] {
  const read = fileSchema.safeParse(file)
  if (!read.success) throw new VectorFileError('BAD_FILE', z.prettifyError(read.error).replaceAll('\n', ' '))
  const { numberOfTests, testGroups } = read.data
  const there = testGroups.reduce((sum, { tests }) => sum + tests.length, 0)
  if (there !== numberOfTests) {
    throw new VectorFileError('BAD_FILE', `${numberOfTests} tests are announced, ${there} are there`)
  }
  return testGroups
}
