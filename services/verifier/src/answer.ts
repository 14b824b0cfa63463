import { create } from '@bufbuild/protobuf'
import { EndOfOutput, Question, Verdict, type VerifyResult, VerifyResultSchema } from '@camelid/proto/work/v1/work_pb'
import { answerQuestion, type EndOfOutput as End } from '@camelid/rastic'

const ENDS: Readonly<Record<End, EndOfOutput>> = {
  none: EndOfOutput.NONE,
  last: EndOfOutput.LAST,
  earlier: EndOfOutput.EARLIER,
}

/**
 * One question of a client that lacks the model (rastic: Outsourced check). Whoever has the nonce hashes and signs what is found.
 * @throws what `answerQuestion` does
 */
export async function answer(
  asked: Omit<Parameters<typeof answerQuestion>[0], 'kind'>,
  question: Question,
): Promise<VerifyResult> {
  const { engine, backend } = asked.engine
  const found = await answerQuestion({ ...asked, kind: question === Question.TEXT ? 'text' : 'token' })
  const told = found.kind === 'token' ? { choices: [...found.choices] } : { text: found.text, end: ENDS[found.end] }
  return create(VerifyResultSchema, {
    verdict: Verdict.INCONCLUSIVE,
    reason: 'a question, not an output',
    positionsChecked: found.kind === 'token' ? 1 : 0,
    firstDivergence: -1,
    finding: { ...told, engine, backend },
  })
}
